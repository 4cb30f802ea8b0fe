/* Sums of outer products, the one inner loop of the solvers.

   Each output is computed by itself, its terms added one after the other in one order: c = (c + a0 b0) + a1 b1 ... So
   blocks, registers and instruction sets cannot change a bit, as long as the compiler does not contract a * b + c into
   one rounding (-ffp-contract=off). */
#ifndef RECOMMENDER_PRODUCT_H
#define RECOMMENDER_PRODUCT_H

#include <stdint.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define STRIP 16                /* the columns of the widest block; sizes of matrices are rounded up to a multiple */

#define VECTOR(LANES) __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias))
typedef double Two VECTOR(2);
typedef double Four VECTOR(4);
typedef double Eight VECTOR(8);

/* An operand whose element (i, p) is at start[i * i_step + p * p_step]. */
typedef struct {
    const double *start;
    int64_t i_step, p_step;
} Operand;

/* Add to a block of c, which is held in registers, the products over p. GCC takes vectors wider than the registers apart by
   way of memory, so that each width has a function. */
#define ADD_BLOCK(NAME, TYPE, ROWS, VECTORS) \
    ALWAYS_INLINE void NAME(double *c, int64_t c_step, Operand a, const double *b, int64_t b_step, int64_t depth) { \
        enum { WIDTH = sizeof(TYPE) / sizeof(double) }; \
        TYPE sums[ROWS][VECTORS], x[VECTORS]; \
        _Pragma("GCC unroll 16") for (int n = 0; n < ROWS * VECTORS; n++) { \
            sums[n / VECTORS][n % VECTORS] = *(const TYPE *)(c + n / VECTORS * c_step + n % VECTORS * WIDTH); \
        } \
        for (int64_t p = 0; p < depth; p++) { \
            _Pragma("GCC unroll 2") for (int v = 0; v < VECTORS; v++) { \
                x[v] = *(const TYPE *)(b + p * b_step + v * WIDTH); \
            } \
            _Pragma("GCC unroll 16") for (int n = 0; n < ROWS * VECTORS; n++) { \
                sums[n / VECTORS][n % VECTORS] += a.start[n / VECTORS * a.i_step + p * a.p_step] * x[n % VECTORS]; \
            } \
        } \
        _Pragma("GCC unroll 16") for (int n = 0; n < ROWS * VECTORS; n++) { \
            *(TYPE *)(c + n / VECTORS * c_step + n % VECTORS * WIDTH) = sums[n / VECTORS][n % VECTORS]; \
        } \
    }

/* As many outputs as 16 registers of 2 or of 4 doubles, or 32 of 8, leave room for. */
ADD_BLOCK(add_4_by_4, Two, 4, 2)
ADD_BLOCK(add_4_by_8, Four, 4, 2)
ADD_BLOCK(add_8_by_16, Eight, 8, 2)

/* Add to STRIP columns of c, for `rows` rows (a multiple of 8), the products a(i, p) * b(p, column) over p. */
ALWAYS_INLINE void add_strip(double *c, int64_t c_step, int64_t rows, Operand a, const double *b, int64_t b_step,
                             int64_t depth, const int width) {
    for (int64_t i = 0; i < rows; i += width == 8 ? 8 : 4) {
        const Operand part = {a.start + i * a.i_step, a.i_step, a.p_step};
        for (int64_t column = 0; column < STRIP; column += 2 * width) {
            double *block = c + i * c_step + column;
            switch (width) {
            case 2: add_4_by_4(block, c_step, part, b + column, b_step, depth); break;
            case 4: add_4_by_8(block, c_step, part, b + column, b_step, depth); break;
            default: add_8_by_16(block, c_step, part, b + column, b_step, depth);
            }
        }
    }
}

#endif
