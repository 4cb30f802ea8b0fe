/* Arithmetic on sixteen floats at once, whatever the width of the CPU's registers.

   Each sum is taken in one fixed order, and nothing is used but + - * / and the square root, which IEEE 754 defines to
   the last bit: so all instruction sets, compilers and optimisation levels give the same result. The compiler must not
   contract a * b + c into one rounding (-ffp-contract=off). */
#ifndef RECOMMENDER_LANES_H
#define RECOMMENDER_LANES_H

#include <stdint.h>
#include <string.h>

#include "epoch.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), may_alias));
typedef float Eight __attribute__((vector_size(8 * sizeof(float))));
typedef float Four __attribute__((vector_size(4 * sizeof(float))));

/* A dot product, lane by lane: fold() and total() add the lanes up. */
ALWAYS_INLINE Lanes dot_lanes(const Lanes *a, const Lanes *b, int vectors) {
    Lanes sums = a[0] * b[0];
    for (int v = 1; v < vectors; v++) {
        sums += a[v] * b[v];
    }
    return sums;
}

/* Add one half of the lanes to the other, twice: lane 8 to 0, 9 to 1 and so on, then 4 to 0 ... */
ALWAYS_INLINE Four fold(Lanes sums) {
    Eight eights[2];
    memcpy(eights, &sums, sizeof sums);
    Eight eight = eights[0] + eights[1];
    Four fours[2];
    memcpy(fours, &eight, sizeof eight);
    return fours[0] + fours[1];
}

/* ... and twice more, until one number is left. */
ALWAYS_INLINE float total(Four four) {
    return (four[0] + four[2]) + (four[1] + four[3]);
}

/* Four totals at once, the same to the last bit as total() gives. */
ALWAYS_INLINE Four totals(Four a, Four b, Four c, Four d) {
    Four ab = (Four){a[0], b[0], a[1], b[1]} + (Four){a[2], b[2], a[3], b[3]};
    Four cd = (Four){c[0], d[0], c[1], d[1]} + (Four){c[2], d[2], c[3], d[3]};
    return (Four){ab[0], ab[1], cd[0], cd[1]} + (Four){ab[2], ab[3], cd[2], cd[3]};
}

/* Bit n says whether a[n] > b. */
ALWAYS_INLINE unsigned greater(Four a, float b) {
#ifdef __SSE__
    return (unsigned)__builtin_ia32_movmskps((Four)(a > b));
#else
    return (unsigned)(a[0] > b) | (unsigned)(a[1] > b) << 1 | (unsigned)(a[2] > b) << 2 | (unsigned)(a[3] > b) << 3;
#endif
}

ALWAYS_INLINE Lanes square_roots(Lanes squares) {
    Lanes roots = {0};
    for (int lane = 0; lane < LANES; lane++) {
        roots[lane] = __builtin_sqrtf(squares[lane]);
    }
    return roots;
}

/* 1 / (1 + exp(-x)), with an exponential of its own: the C library's differs between versions. */
ALWAYS_INLINE float sigmoid(float x) {
    double exponent = x > 80 ? -80 : x > -80 ? -(double)x : 80;     /* 80 for NaN, too */
    int power = (int)(exponent * 1.4426950408889634 + (exponent < 0 ? -0.5 : 0.5));
    double rest = exponent - power * 0.6931471805599453;
    double sum = 1;
    for (int n = 13; n > 0; n--) {      /* Taylor's series; |rest| <= ln(2) / 2, so 13 terms are good to the last bits */
        sum = 1 + sum * (rest * (1.0 / n));
    }
    int64_t bits = (int64_t)(1023 + power) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return (float)(1 / (1 + sum * scale));
}

ALWAYS_INLINE void prefetch(const float *row, int vectors) {
    for (int v = 0; v < vectors; v++) {
        __builtin_prefetch(row + v * LANES);
    }
}

#endif
