// Intel's SHA extensions (Intel SDM, SHA256RNDS2 and following); elsewhere the portable form.
#include "CSHA256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#include "constants.h"

bool csha256_has_instructions(void) {
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return false;
    bool shuffles = (ecx & bit_SSSE3) && (ecx & bit_SSE4_1);
    return shuffles && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & bit_SHA);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_sha(
    uint32_t state[8], const uint8_t *blocks, size_t count) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the eight numbers as ABEF and CDGH.
    __m128i dcba = _mm_loadu_si128((const __m128i *)&state[0]), hgfe = _mm_loadu_si128((const __m128i *)&state[4]);
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
    for (; count > 0; count--, blocks += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i words[4]; // the last sixteen of the schedule
        for (int part = 0; part < 4; part++)
            words[part] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * part)), big_endian);
#pragma clang loop unroll(full)
        for (int part = 0; part < 16; part++) {
            __m128i now = words[part % 4];
            if (part >= 4) {
                __m128i w15 = _mm_sha256msg1_epu32(now, words[(part + 1) % 4]);
                __m128i w7 = _mm_alignr_epi8(words[(part + 3) % 4], words[(part + 2) % 4], 4);
                now = _mm_sha256msg2_epu32(_mm_add_epi32(w15, w7), words[(part + 3) % 4]);
                words[part % 4] = now;
            }
            __m128i sum = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)&csha256_constants[4 * part]));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)&state[0], _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)&state[4], _mm_alignr_epi8(dchg, feba, 8));
}

void csha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    // 0: not known yet, 1: without, 2: with. Every thread finds the same.
    static _Atomic unsigned char known;
    if (known == 0) known = csha256_has_instructions() ? 2 : 1;
    if (known == 2)
        blocks_sha(state, blocks, count);
    else
        csha256_blocks_portable(state, blocks, count);
}

#else

bool csha256_has_instructions(void) { return false; }

void csha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count) {
    csha256_blocks_portable(state, blocks, count);
}

#endif
