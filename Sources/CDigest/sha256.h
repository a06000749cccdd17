// The rounds of SHA-256 by the processor's own instructions, which Swift has no names for. Swift asks first whether
// they are there, and has its own rounds where they are not.
//
// Spec: FIPS 180-4 §6.2.2; Intel SDM volume 2, SHA256RNDS2, SHA256MSG1, SHA256MSG2.
#ifndef SALLYPORT_SHA256_H
#define SALLYPORT_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static inline bool sallyport_has_sha256(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

// Takes `count` blocks of 64 bytes into `state`; `constants` are the 64 of FIPS 180-4 §4.2.2. Only where
// sallyport_has_sha256 said yes.
__attribute__((target("sha,sse4.1,ssse3")))
static inline void sallyport_sha256_blocks(
    uint32_t *_Nonnull state, const uint32_t *_Nonnull constants, const uint8_t *_Nonnull block, size_t count
) {
    const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the words as F E B A and H G D C, from the lowest lane on.
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    __m128i feba = _mm_alignr_epi8(badc, hgfe, 8);
    __m128i hgdc = _mm_blend_epi16(hgfe, badc, 0xf0);
    for (; count > 0; count--, block += 64) {
        const __m128i febaBefore = feba, hgdcBefore = hgdc;
        __m128i words[4];
        for (int i = 0; i < 4; i++) {
            words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), bigEndian);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            const __m128i now = words[i & 3], last = words[(i + 3) & 3];
            const __m128i sum = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
            hgdc = _mm_sha256rnds2_epu32(hgdc, feba, sum);
            feba = _mm_sha256rnds2_epu32(feba, hgdc, _mm_shuffle_epi32(sum, 0x0e));
            if (i < 12) {
                const __m128i sevenBack = _mm_alignr_epi8(last, words[(i + 2) & 3], 4);
                const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(i + 1) & 3]), sevenBack);
                words[i & 3] = _mm_sha256msg2_epu32(partial, last);
            }
        }
        feba = _mm_add_epi32(feba, febaBefore);
        hgdc = _mm_add_epi32(hgdc, hgdcBefore);
    }
    const __m128i abef = _mm_shuffle_epi32(feba, 0x1b), ghcd = _mm_shuffle_epi32(hgdc, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(abef, ghcd, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(ghcd, abef, 8));
}
#else
static inline bool sallyport_has_sha256(void) { return false; }

static inline void sallyport_sha256_blocks(
    uint32_t *_Nonnull state, const uint32_t *_Nonnull constants, const uint8_t *_Nonnull block, size_t count
) {
    (void)state, (void)constants, (void)block, (void)count;
}
#endif
#endif
