#include "CSHA256.h"

#include <string.h>

static const uint32_t start[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

void csha256_start(struct csha256 *hash) {
    memcpy(hash->state, start, sizeof start);
    hash->length = 0;
}

void csha256_add(struct csha256 *hash, const void *bytes, size_t length) {
    const uint8_t *next = bytes;
    size_t held = hash->length % 64;
    hash->length += length;
    if (held > 0) {
        size_t missing = 64 - held;
        if (length < missing) {
            memcpy(hash->rest + held, next, length);
            return;
        }
        memcpy(hash->rest + held, next, missing);
        csha256_blocks(hash->state, hash->rest, 1);
        next += missing;
        length -= missing;
    }
    if (length >= 64) csha256_blocks(hash->state, next, length / 64);
    if (length % 64 > 0) memcpy(hash->rest, next + length / 64 * 64, length % 64);
}

void csha256_finish(struct csha256 *hash, uint32_t sum[8]) {
    uint64_t bits = hash->length * 8;
    size_t held = hash->length % 64;
    hash->rest[held++] = 0x80;
    if (held > 56) {
        memset(hash->rest + held, 0, 64 - held);
        csha256_blocks(hash->state, hash->rest, 1);
        held = 0;
    }
    memset(hash->rest + held, 0, 56 - held);
    for (int byte = 0; byte < 8; byte++) hash->rest[56 + byte] = (uint8_t)(bits >> (56 - 8 * byte));
    csha256_blocks(hash->state, hash->rest, 1);
    memcpy(sum, hash->state, sizeof hash->state);
}
