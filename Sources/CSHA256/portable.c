#include "CSHA256.h"
#include "constants.h"

static uint32_t rotate(uint32_t value, int count) { return value >> count | value << (32 - count); }

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void expand(const uint8_t *block, uint32_t schedule[64]) {
    for (int word = 0; word < 16; word++) schedule[word] = big_endian(block + 4 * word);
    for (int word = 16; word < 64; word++) {
        uint32_t w15 = schedule[word - 15], w2 = schedule[word - 2];
        uint32_t small0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3;
        uint32_t small1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10;
        schedule[word] = schedule[word - 16] + small0 + schedule[word - 7] + small1;
    }
}

void csha256_blocks_portable(uint32_t state[8], const uint8_t *blocks, size_t count) {
    for (; count > 0; count--, blocks += 64) {
        uint32_t schedule[64];
        expand(blocks, schedule);
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int round = 0; round < 64; round++) {
            uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
            uint32_t choice = (e & f) ^ (~e & g);
            uint32_t first = h + sum1 + choice + csha256_constants[round] + schedule[round];
            uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
            uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
            h = g, g = f, f = e, e = d + first;
            d = c, c = b, b = a, a = first + sum0 + majority;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}
