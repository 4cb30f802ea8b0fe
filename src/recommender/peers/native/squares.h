/* Least squares by Cholesky's decomposition, a row of a factor model at a time. */
#ifndef RECOMMENDER_SQUARES_H
#define RECOMMENDER_SQUARES_H

#include <string.h>

#include "kernel.h"
#include "product.h"

/* The rows that are decomposed before the rest of the matrix is brought up to date. */
#define PANEL 8

/* Add to the upper triangle of c, whole blocks of it, the sum of outer products of the rows of x. */
ALWAYS_INLINE void add_outer(double *c, const double *x, int64_t rows, int64_t length, const int width) {
    for (int64_t column = 0; column < length; column += STRIP) {
        add_strip(c + column, length, column + STRIP, (Operand){x, 1, length}, x + column, length, rows, width);
    }
}

/* The sum over some products, in lanes that are added up in halves. */
ALWAYS_INLINE double dot(const double *a, const double *b, int64_t count) {
    Eight sums = {0};
    int64_t n = 0;
    for (; n + 8 <= count; n += 8) {
        sums += *(const Eight *)(a + n) * *(const Eight *)(b + n);
    }
    for (int lane = 0; n < count; n++, lane++) {
        sums[lane] += a[n] * b[n];
    }
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/* Decompose a matrix into R' R in place, where R is the upper triangle. `scratch` has room for PANEL rows. */
ALWAYS_INLINE bool decompose(double *matrix, double *scratch, int64_t length, const int width) {
    for (int64_t start = 0; start < length; start += PANEL) {
        const int64_t stop = start + PANEL;
        for (int64_t k = start; k < stop; k++) {
            double *row = matrix + k * length;
            if (!(row[k] > 0) || row[k] > 1e300) {
                return false;
            }
            const double pivot = __builtin_sqrt(row[k]);
            row[k] = pivot;
            for (int64_t j = k + 1; j < length; j++) {
                row[j] /= pivot;
            }
            for (int64_t i = k + 1; i < stop; i++) {
                const double factor = row[i];
                for (int64_t j = i; j < length; j++) {
                    matrix[i * length + j] -= factor * row[j];
                }
            }
        }
        for (int64_t n = 0; n < PANEL * length; n++) {
            scratch[n] = -matrix[start * length + n];
        }
        for (int64_t column = stop / STRIP * STRIP; column < length; column += STRIP) {
            double *c = matrix + stop * length + column;
            add_strip(c, length, column + STRIP - stop, (Operand){scratch + stop, 1, length},
                      matrix + start * length + column, length, PANEL, width);
        }
    }
    return true;
}

/* Solve R' R x = b in place of b. */
ALWAYS_INLINE void substitute(const double *matrix, double *b, int64_t length) {
    for (int64_t k = 0; k < length; k++) {
        const double *row = matrix + k * length;
        b[k] /= row[k];
        for (int64_t j = k + 1; j < length; j++) {
            b[j] -= b[k] * row[j];
        }
    }
    for (int64_t k = length - 1; k >= 0; k--) {
        const double *row = matrix + k * length;
        b[k] = (b[k] - dot(row + k + 1, b + k + 1, length - k - 1)) / row[k];
    }
}

ALWAYS_INLINE bool solve_row(const Squares *squares, int64_t row, const int width) {
    const int64_t length = squares->length, stop = squares->starts[row + 1];
    double *matrix = squares->scratch, *gathered = matrix + length * length, *b = squares->solved + row * length;
    memset(b, 0, (size_t)length * sizeof *b);
    if (squares->starts[row] == stop) {
        return true;
    }
    memcpy(matrix, squares->gram, (size_t)(length * length) * sizeof *matrix);
    for (int64_t k = 0; k < length; k++) {
        matrix[k * length + k] += squares->penalties[row];
    }
    for (int64_t start = squares->starts[row]; start < stop; start += GATHERED) {
        const int64_t count = stop - start < GATHERED ? stop - start : GATHERED;
        for (int64_t n = 0; n < count; n++) {
            const double *factors = squares->factors + squares->others[start + n] * length;
            for (int64_t k = 0; k < length; k++) {
                gathered[n * length + k] = factors[k];
                b[k] += factors[k];
            }
        }
        add_outer(matrix, gathered, count, length, width);
    }
    if (!decompose(matrix, gathered, length, width)) {
        return false;
    }
    substitute(matrix, b, length);
    return true;
}

#endif
