#include "CZlib.h"
#include "zlib_stream.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>

enum { OK = 0, STREAM_END = 1, FINISH = 4, DEFLATED = 8, MEMORY_LEVEL = 8, GZIP_WINDOW = 15 + 16 };

static int (*begin)(struct zlib_stream *, int, int, int, int, int, const char *, int);
static int (*deflate)(struct zlib_stream *, int);
static int (*end)(struct zlib_stream *);
static int (*begin_inflate)(struct zlib_stream *, int, const char *, int);
static int (*inflate)(struct zlib_stream *, int);
static int (*end_inflate)(struct zlib_stream *);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    deflate = (int (*)(struct zlib_stream *, int))dlsym(library, "deflate");
    end = (int (*)(struct zlib_stream *))dlsym(library, "deflateEnd");
    begin = (int (*)(struct zlib_stream *, int, int, int, int, int, const char *, int))dlsym(library, "deflateInit2_");
    begin_inflate = (int (*)(struct zlib_stream *, int, const char *, int))dlsym(library, "inflateInit2_");
    inflate = (int (*)(struct zlib_stream *, int))dlsym(library, "inflate");
    end_inflate = (int (*)(struct zlib_stream *))dlsym(library, "inflateEnd");
}

size_t czlib_bound(size_t length) {
    return length + (length >> 12) + (length >> 14) + (length >> 25) + 13 + 18;
}

size_t czlib_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity, int level) {
    pthread_once(&once, load);
    if (!begin || !deflate || !end || length > UINT_MAX || capacity > UINT_MAX) return 0;
    struct zlib_stream stream = {.next_in = input, .avail_in = (unsigned int)length, .next_out = output,
                            .avail_out = (unsigned int)capacity};
    if (begin(&stream, level, DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, 0, "1.2.11", (int)sizeof stream) != OK) return 0;
    int result = deflate(&stream, FINISH);
    size_t written = stream.total_out;
    end(&stream);
    return result == STREAM_END ? written : 0;
}

bool czlib_gunzip(const uint8_t *input, size_t input_length, uint8_t *output, size_t length) {
    pthread_once(&once, load);
    if (!begin_inflate || !inflate || !end_inflate || input_length > UINT_MAX || length > UINT_MAX) return false;
    struct zlib_stream stream = {.next_in = input, .avail_in = (unsigned int)input_length, .next_out = output,
                            .avail_out = (unsigned int)length};
    if (begin_inflate(&stream, GZIP_WINDOW, "1.2.11", (int)sizeof stream) != OK) return false;
    int result = inflate(&stream, FINISH);
    end_inflate(&stream);
    return result == STREAM_END && stream.avail_in == 0 && stream.total_out == length;
}
