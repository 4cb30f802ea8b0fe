/* The symmetric sweep, tile by tile. With the pivot D = A[k][k] and W[i] = A[i][k] / D it turns

       A[i][j]  into  A[i][j] - W[i] A[k][j],      A[i][k]  into  W[i],      D  into  -1 / D.

   When each has been the pivot once, the matrix is less its inverse. See Goodnight, "A tutorial on the SWEEP operator",
   The American Statistician 33 (1979). */
#ifndef RECOMMENDER_SWEEP_H
#define RECOMMENDER_SWEEP_H

#include <string.h>

#include "kernel.h"
#include "product.h"

#define TILE_SIZE (TILE * TILE)

ALWAYS_INLINE double *tile_at(const Sweep *sweep, int64_t i, int64_t j) {
    return sweep->tiles + (i * (i + 1) / 2 + j) * TILE_SIZE;
}

/* Where element (p, column) is in strips. */
ALWAYS_INLINE int64_t in_strips(int64_t p, int64_t column) {
    return (column / STRIP * TILE + p) * STRIP + column % STRIP;
}

ALWAYS_INLINE void mirror(double *tile) {
    for (int64_t i = 0; i < TILE; i++) {
        for (int64_t j = i + 1; j < TILE; j++) {
            tile[i * TILE + j] = tile[j * TILE + i];
        }
    }
}

/* Gauss and Jordan's method, in place: without a choice of pivots, for the matrix is positive definite. */
ALWAYS_INLINE bool invert_tile(double *tile) {
    for (int64_t k = 0; k < TILE; k++) {
        double *row = tile + k * TILE;
        const double pivot = row[k];
        if (!(pivot > 0) || pivot > 1e300) {
            return false;
        }
        row[k] = 1;
        for (int64_t j = 0; j < TILE; j++) {
            row[j] /= pivot;
        }
        for (int64_t i = 0; i < TILE; i++) {
            double *other = tile + i * TILE;
            const double factor = other[k];
            if (i != k) {
                other[k] = 0;
                for (int64_t j = 0; j < TILE; j++) {
                    other[j] -= factor * row[j];
                }
            }
        }
    }
    return true;
}

ALWAYS_INLINE bool sweep_pivot(const Sweep *sweep, int64_t k) {
    double *tile = tile_at(sweep, k, k);
    mirror(tile);
    for (int64_t p = 0; p < TILE; p++) {
        for (int64_t column = 0; column < TILE; column++) {
            sweep->columns[k * TILE_SIZE + in_strips(p, column)] = tile[p * TILE + column];
        }
    }
    if (!invert_tile(tile)) {
        return false;
    }
    mirror(tile);
    for (int64_t p = 0; p < TILE; p++) {
        for (int64_t column = 0; column < TILE; column++) {
            sweep->inverse[in_strips(p, column)] = tile[p * TILE + column];
            tile[p * TILE + column] = -tile[p * TILE + column];
        }
    }
    return true;
}

ALWAYS_INLINE void sweep_columns(const Sweep *sweep, int64_t k, int64_t i, const int width) {
    if (i == k) {
        return;
    }
    double *tile = i > k ? tile_at(sweep, i, k) : tile_at(sweep, k, i);
    double *columns = sweep->columns + i * TILE_SIZE, *negated = sweep->negated + i * TILE_SIZE;
    const int64_t row_step = i > k ? TILE : 1, column_step = i > k ? 1 : TILE;
    for (int64_t r = 0; r < TILE; r++) {
        for (int64_t p = 0; p < TILE; p++) {
            columns[in_strips(p, r)] = tile[r * row_step + p * column_step];
        }
    }
    memset(negated, 0, TILE_SIZE * sizeof *negated);
    for (int64_t row = 0; row < TILE; row += STRIP) {
        const Operand rows = {columns + row * TILE, 1, STRIP};
        for (int64_t column = 0; column < TILE; column += STRIP) {
            add_strip(negated + row * TILE + column, TILE, STRIP, rows, sweep->inverse + column * TILE, STRIP, TILE,
                      width);
        }
    }
    for (int64_t r = 0; r < TILE; r++) {
        for (int64_t p = 0; p < TILE; p++) {
            tile[r * row_step + p * column_step] = negated[r * TILE + p];
            negated[r * TILE + p] = -negated[r * TILE + p];
        }
    }
}

ALWAYS_INLINE void sweep_row(const Sweep *sweep, int64_t k, int64_t i, const int width) {
    const Operand rows = {sweep->negated + i * TILE_SIZE, TILE, 1};
    for (int64_t j = 0; j <= i && i != k; j++) {
        double *tile = tile_at(sweep, i, j);
        for (int64_t column = 0; j != k && column < TILE; column += STRIP) {
            const double *columns = sweep->columns + j * TILE_SIZE + column * TILE;
            add_strip(tile + column, TILE, TILE, rows, columns, STRIP, TILE, width);
        }
    }
}

#endif
