#include "CZlib.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>

// As zlib.h declares it; deflateInit2_ is told the size and refuses any other.
struct stream {
    const uint8_t *next_in;
    unsigned int avail_in;
    unsigned long total_in;
    uint8_t *next_out;
    unsigned int avail_out;
    unsigned long total_out;
    const char *message;
    void *state;
    void *(*allocate)(void *, unsigned int, unsigned int);
    void (*release)(void *, void *);
    void *opaque;
    int data_type;
    unsigned long adler;
    unsigned long reserved;
};

enum { OK = 0, STREAM_END = 1, FINISH = 4, DEFLATED = 8, MEMORY_LEVEL = 8, GZIP_WINDOW = 15 + 16 };

static int (*begin)(struct stream *, int, int, int, int, int, const char *, int);
static int (*deflate)(struct stream *, int);
static int (*end)(struct stream *);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    deflate = (int (*)(struct stream *, int))dlsym(library, "deflate");
    end = (int (*)(struct stream *))dlsym(library, "deflateEnd");
    begin = (int (*)(struct stream *, int, int, int, int, int, const char *, int))dlsym(library, "deflateInit2_");
}

size_t czlib_bound(size_t length) {
    return length + (length >> 12) + (length >> 14) + (length >> 25) + 13 + 18;
}

size_t czlib_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity, int level) {
    pthread_once(&once, load);
    if (!begin || !deflate || !end || length > UINT_MAX || capacity > UINT_MAX) return 0;
    struct stream stream = {.next_in = input, .avail_in = (unsigned int)length, .next_out = output,
                            .avail_out = (unsigned int)capacity};
    if (begin(&stream, level, DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, 0, "1.2.11", (int)sizeof stream) != OK) return 0;
    int result = deflate(&stream, FINISH);
    size_t written = stream.total_out;
    end(&stream);
    return result == STREAM_END ? written : 0;
}
