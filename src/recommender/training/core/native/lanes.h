/* Sixteen floats side by side, whatever the width of the CPU's registers.

   Every sum is taken in one fixed order, so that all instruction sets give the same bits. For the same reason there is no
   call to a mathematical library here, and the compiler must not contract a * b + c (-ffp-contract=off). */
#ifndef RECOMMENDER_LANES_H
#define RECOMMENDER_LANES_H

#include <stdint.h>
#include <string.h>

#include "epoch.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), may_alias));
typedef float Eight __attribute__((vector_size(8 * sizeof(float))));
typedef float Four __attribute__((vector_size(4 * sizeof(float))));
typedef int32_t IntLanes __attribute__((vector_size(LANES * sizeof(int32_t))));

ALWAYS_INLINE Lanes product(const Lanes *a, const Lanes *b, int vectors) {
    Lanes sums = a[0] * b[0];
    for (int v = 1; v < vectors; v++) {
        sums += a[v] * b[v];
    }
    return sums;
}

ALWAYS_INLINE Four fold(Lanes sums) {
    Eight eights[2];
    memcpy(eights, &sums, sizeof sums);
    Eight eight = eights[0] + eights[1];
    Four fours[2];
    memcpy(fours, &eight, sizeof eight);
    return fours[0] + fours[1];
}

/* Halves are added to halves until one number is left. */
ALWAYS_INLINE float total(Lanes sums) {
    Four four = fold(sums);
    return (four[0] + four[2]) + (four[1] + four[3]);
}

/* The totals of four at once, each added up as `total` does. */
ALWAYS_INLINE Four totals(Four a, Four b, Four c, Four d) {
    Four ab = (Four){a[0], b[0], a[1], b[1]} + (Four){a[2], b[2], a[3], b[3]};
    Four cd = (Four){c[0], d[0], c[1], d[1]} + (Four){c[2], d[2], c[3], d[3]};
    return (Four){ab[0], ab[1], cd[0], cd[1]} + (Four){ab[2], ab[3], cd[2], cd[3]};
}

/* 1 / sqrt(x) for x >= 1, by two of Newton's steps from an estimate out of the bits; relative error below 5e-6, which is
   nothing to a learning rate, at a third of the time that the CPU's square root and division take. */
ALWAYS_INLINE Lanes inverse_roots(Lanes x) {
    IntLanes bits = 0x5F375A86 - ((IntLanes)x >> 1);
    Lanes estimate = (Lanes)bits, half = 0.5f * x;
    estimate *= 1.5f - half * estimate * estimate;
    return estimate * (1.5f - half * estimate * estimate);
}

ALWAYS_INLINE float inverse_root(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof x);
    bits = 0x5F375A86 - (bits >> 1);
    float estimate, half = 0.5f * x;
    memcpy(&estimate, &bits, sizeof bits);
    estimate *= 1.5f - half * estimate * estimate;
    return estimate * (1.5f - half * estimate * estimate);
}

ALWAYS_INLINE void prefetch(const float *row, int vectors) {
    for (int v = 0; v < vectors; v++) {
        __builtin_prefetch(row + v * LANES);
    }
}

#endif
