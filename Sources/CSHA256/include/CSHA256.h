#pragma once

// SHA-256 (FIPS 180-4 §6.2), pure: no state but what is handed in, no I/O, nothing but its own arithmetic.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csha256 {
    uint32_t state[8];
    uint8_t rest[64];
    uint64_t length; // of everything added so far, in bytes
};

void csha256_start(struct csha256 *hash);
void csha256_add(struct csha256 *hash, const void *bytes, size_t length);
// The sum as eight numbers, the first one of the first four bytes. The hash is used up.
void csha256_finish(struct csha256 *hash, uint32_t sum[8]);

// One block of 64 bytes after the other. The first works everywhere; the second does what csha256_add does: the processor's
// own instructions where it has them. They are here so that a test can hold one against the other.
void csha256_blocks_portable(uint32_t state[8], const uint8_t *blocks, size_t count);
void csha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);
// Whether the processor has instructions for it that are used.
bool csha256_has_instructions(void);
