/* The instruction sets that kernels are compiled for, and which of them this CPU has. */
#ifndef RECOMMENDER_INSTRUCTION_SETS_H
#define RECOMMENDER_INSTRUCTION_SETS_H

#include <stdbool.h>
#include <stddef.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx2,avx512f,avx512dq,avx512vl")))

/* Their names, best last, then NULL. A kernel's number is its place among them. */
static inline const char *const *instruction_sets(void) {
#ifdef __x86_64__
    static const char *const names[][4] = {
        {"baseline", NULL}, {"baseline", "avx2", NULL}, {"baseline", "avx2", "avx512", NULL}};
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                  && __builtin_cpu_supports("avx512vl");
    return names[avx512 ? 2 : avx2 ? 1 : 0];
#else
    static const char *const names[] = {"baseline", NULL};
    return names;
#endif
}

#endif
