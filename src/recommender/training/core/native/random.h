/* Random numbers without state: each is a function of a key and a counter, so that it does not matter who draws it, or when.

   The function is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014),
   which allows to jump to any member of the sequence. */
#ifndef RECOMMENDER_RANDOM_H
#define RECOMMENDER_RANDOM_H

#include <stdint.h>

static inline uint64_t random_bits(uint64_t key, uint64_t counter) {
    uint64_t bits = key + (counter + 1) * UINT64_C(0x9E3779B97F4A7C15);
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94D049BB133111EB);
    return bits ^ (bits >> 31);
}

/* A number in [0, limit). Some numbers are likelier than others by at most limit / 2^32, which no training notices. */
static inline uint32_t random_below(uint32_t bits, uint32_t limit) {
    return (uint32_t)(((uint64_t)bits * limit) >> 32);
}

#endif
