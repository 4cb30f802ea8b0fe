#include "kernel.h"

#include <stddef.h>

#include "product.h"
#include "squares.h"
#include "sweep.h"

#define COMPILE(NAME, TARGET, WIDTH) \
    TARGET static bool sweep_pivot_##NAME(const Sweep *sweep, int64_t k) { \
        return sweep_pivot(sweep, k); \
    } \
    TARGET static void sweep_columns_##NAME(const Sweep *sweep, int64_t k, int64_t i) { \
        sweep_columns(sweep, k, i, WIDTH); \
    } \
    TARGET static void sweep_row_##NAME(const Sweep *sweep, int64_t k, int64_t i) { \
        sweep_row(sweep, k, i, WIDTH); \
    } \
    TARGET static bool solve_rows_##NAME(const Squares *squares, int64_t start, int64_t stop) { \
        bool solved = true; \
        for (int64_t row = start; row < stop; row++) { \
            solved = solve_row(squares, row, WIDTH) && solved; \
        } \
        return solved; \
    } \
    TARGET static void add_gram_##NAME(double *gram, const double *factors, int64_t rows, int64_t length) { \
        for (int64_t start = 0; start < rows; start += GATHERED) { \
            const int64_t count = rows - start < GATHERED ? rows - start : GATHERED; \
            add_outer(gram, factors + start * length, count, length, WIDTH); \
        } \
    }
#define KERNEL(NAME) {sweep_pivot_##NAME, sweep_columns_##NAME, sweep_row_##NAME, solve_rows_##NAME, add_gram_##NAME}

/* With the number of doubles in a register. */
COMPILE(baseline, , 2)
#ifdef __x86_64__
COMPILE(avx2, AVX2, 4)
COMPILE(avx512, AVX512, 8)
#endif

static const Kernel kernels[] = {
    KERNEL(baseline),
#ifdef __x86_64__
    KERNEL(avx2),
    KERNEL(avx512),
#endif
};

Kernel kernel_for(int32_t instruction_set) {
    return kernels[instruction_set];
}
