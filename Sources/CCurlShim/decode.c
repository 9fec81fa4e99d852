#include "CCurlShim.h"

#include "zlib_stream.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// As zstd.h declares them.
struct zstd_in { const void *bytes; size_t size, position; };
struct zstd_out { void *bytes; size_t size, position; };

enum { Z_OK = 0, Z_STREAM_END = 1, Z_BUF_ERROR = -5, Z_WINDOW = 15, Z_GZIP = 16 };
enum { BROTLI_ERROR = 0, BROTLI_SUCCESS = 1 };
// RFC 9659: no zstd of HTTP needs a window of more than 8 MiB.
enum { ZSTD_WINDOW_LOG_MAX = 100, ZSTD_WINDOW_LOG = 23 };

static int (*inflate_init)(struct zlib_stream *, int, const char *, int);
static int (*inflate_some)(struct zlib_stream *, int);
static int (*inflate_reset)(struct zlib_stream *);
static int (*inflate_end)(struct zlib_stream *);
static void *(*brotli_make)(void *, void *, void *);
static int (*brotli_some)(void *, size_t *, const uint8_t **, size_t *, uint8_t **, size_t *);
static void (*brotli_end)(void *);
static void *(*zstd_make)(void);
static size_t (*zstd_set)(void *, int, int);
static size_t (*zstd_some)(void *, struct zstd_out *, struct zstd_in *);
static unsigned int (*zstd_is_error)(size_t);
static size_t (*zstd_end)(void *);

static bool has_zlib, has_brotli, has_zstd;
static char codings[40];
// Everything above is written once under it, only read after; pthread_once orders the two.
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool find(void *library, const char *name, void *slot) {
    void *symbol = dlsym(library, name);
    // ISO C has no cast from an object pointer to a function pointer; POSIX has them alike in memory.
    memcpy(slot, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void add(const char *name) {
    if (codings[0] != 0) strcat(codings, ", ");
    strcat(codings, name);
}

// libcurl4 depends on all three, but a libcurl of another make may not.
static void load(void) {
    void *zlib = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    has_zlib = zlib && find(zlib, "inflateInit2_", &inflate_init) && find(zlib, "inflate", &inflate_some)
        && find(zlib, "inflateReset", &inflate_reset) && find(zlib, "inflateEnd", &inflate_end);
    void *brotli = dlopen("libbrotlidec.so.1", RTLD_NOW | RTLD_LOCAL);
    has_brotli = brotli && find(brotli, "BrotliDecoderCreateInstance", &brotli_make)
        && find(brotli, "BrotliDecoderDecompressStream", &brotli_some)
        && find(brotli, "BrotliDecoderDestroyInstance", &brotli_end);
    void *zstd = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    has_zstd = zstd && find(zstd, "ZSTD_createDCtx", &zstd_make) && find(zstd, "ZSTD_DCtx_setParameter", &zstd_set)
        && find(zstd, "ZSTD_decompressStream", &zstd_some) && find(zstd, "ZSTD_isError", &zstd_is_error)
        && find(zstd, "ZSTD_freeDCtx", &zstd_end);
    if (has_zlib) add("deflate, gzip");
    if (has_brotli) add("br");
    if (has_zstd) add("zstd");
}

struct ccurl_decoder {
    enum { GZIP, DEFLATE, BROTLI, ZSTD } kind;
    bool is_done;
    // Of DEFLATE: whether zlib's header is there is known by the first two bytes.
    bool has_begun;
    uint8_t head[2];
    size_t head_length;
    struct zlib_stream zlib;
    void *state;
};

const char *ccurl_codings(void) {
    pthread_once(&once, load);
    return codings;
}

static bool begin_zlib(ccurl_decoder *decoder, int window) {
    decoder->has_begun = inflate_init(&decoder->zlib, window, "1.2.11", (int)sizeof decoder->zlib) == Z_OK;
    return decoder->has_begun;
}

ccurl_decoder *ccurl_decoder_make(const char *coding) {
    pthread_once(&once, load);
    ccurl_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL) return NULL;
    bool is_ready = false;
    if (has_zlib && (strcmp(coding, "gzip") == 0 || strcmp(coding, "x-gzip") == 0)) {
        decoder->kind = GZIP;
        is_ready = begin_zlib(decoder, Z_WINDOW + Z_GZIP);
    } else if (has_zlib && strcmp(coding, "deflate") == 0) {
        decoder->kind = DEFLATE;
        is_ready = true;
    } else if (has_brotli && strcmp(coding, "br") == 0) {
        decoder->kind = BROTLI;
        is_ready = (decoder->state = brotli_make(NULL, NULL, NULL)) != NULL;
    } else if (has_zstd && strcmp(coding, "zstd") == 0) {
        decoder->kind = ZSTD;
        decoder->state = zstd_make();
        is_ready = decoder->state != NULL
            && !zstd_is_error(zstd_set(decoder->state, ZSTD_WINDOW_LOG_MAX, ZSTD_WINDOW_LOG));
    }
    if (is_ready) return decoder;
    ccurl_decoder_free(decoder);
    return NULL;
}

void ccurl_decoder_free(ccurl_decoder *decoder) {
    if (decoder == NULL) return;
    if (decoder->has_begun) inflate_end(&decoder->zlib);
    if (decoder->state != NULL && decoder->kind == BROTLI) brotli_end(decoder->state);
    if (decoder->state != NULL && decoder->kind == ZSTD) zstd_end(decoder->state);
    free(decoder);
}

bool ccurl_decoder_is_done(const ccurl_decoder *decoder) { return decoder->is_done; }

// One call of inflate; what it took and gave is left in `zlib`.
static bool inflate_once(ccurl_decoder *decoder) {
    int result = inflate_some(&decoder->zlib, 0);
    if (result == Z_STREAM_END) decoder->is_done = true;
    // It says so when it can do nothing without more input or room.
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool decode_zlib(ccurl_decoder *decoder, const uint8_t **input, size_t *length, uint8_t *output, size_t *count) {
    struct zlib_stream *zlib = &decoder->zlib;
    size_t capacity = *count;
    *count = 0;
    if (decoder->is_done) {
        // A gzip file may have several members (RFC 1952 §2.2); anything else behind the end means nothing.
        if (decoder->kind != GZIP || *length == 0 || **input != 0x1f) {
            *length = 0;
            return true;
        }
        if (inflate_reset(zlib) != Z_OK) return false;
        decoder->is_done = false;
    }
    zlib->next_out = output;
    zlib->avail_out = (unsigned int)capacity;
    if (!decoder->has_begun) {
        while (decoder->head_length < 2 && *length > 0) {
            decoder->head[decoder->head_length++] = *(*input)++;
            --*length;
        }
        if (decoder->head_length < 2) return true;
        const uint8_t *head = decoder->head;
        // RFC 1950 §2.2; some send the bare deflate of RFC 1951.
        bool has_header = (head[0] & 15) == 8 && head[0] >> 4 <= 7 && (head[0] << 8 | head[1]) % 31 == 0;
        if (!begin_zlib(decoder, has_header ? Z_WINDOW : -Z_WINDOW)) return false;
        zlib->next_in = head;
        zlib->avail_in = 2;
        if (!inflate_once(decoder)) return false;
    }
    if (!decoder->is_done) {
        unsigned int given = *length > UINT_MAX ? UINT_MAX : (unsigned int)*length;
        zlib->next_in = *input;
        zlib->avail_in = given;
        if (!inflate_once(decoder)) return false;
        *input += given - zlib->avail_in;
        *length -= given - zlib->avail_in;
    }
    *count = capacity - zlib->avail_out;
    return true;
}

bool ccurl_decode(ccurl_decoder *decoder, const uint8_t **input, size_t *length, uint8_t *output, size_t *count) {
    if (decoder->kind == GZIP || decoder->kind == DEFLATE) return decode_zlib(decoder, input, length, output, count);
    size_t capacity = *count;
    if (decoder->kind == BROTLI) {
        *count = 0;
        if (decoder->is_done) {
            *length = 0;
            return true;
        }
        size_t room = capacity;
        int result = brotli_some(decoder->state, length, input, &room, &output, NULL);
        decoder->is_done = result == BROTLI_SUCCESS;
        *count = capacity - room;
        return result != BROTLI_ERROR;
    }
    struct zstd_in in = {*input, *length, 0};
    struct zstd_out out = {output, capacity, 0};
    // Without input it would say how much it wants of a next frame, as if that had begun.
    if (*length == 0 && decoder->is_done) {
        *count = 0;
        return true;
    }
    size_t result = zstd_some(decoder->state, &out, &in);
    *input += in.position;
    *length -= in.position;
    *count = out.position;
    if (zstd_is_error(result)) return false;
    decoder->is_done = result == 0;
    return true;
}
