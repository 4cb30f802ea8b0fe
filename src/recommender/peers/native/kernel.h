/* What is compiled for each instruction set: the sweep that inverts a matrix, and the least squares of iALS. */
#ifndef RECOMMENDER_KERNEL_H
#define RECOMMENDER_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "../../native/instruction_sets.h"

#define TILE 128

/* A symmetric matrix in place of which its inverse comes. It is kept in square tiles, row by row, the lower triangle
   alone: tile (i, j), j <= i, is number i * (i + 1) / 2 + j. */
typedef struct {
    int64_t count;              /* of rows of tiles */
    double *tiles;              /* [count * (count + 1) / 2][TILE][TILE] */
    double *inverse;            /* [TILE / STRIP][TILE][STRIP]: the pivot's inverse, in strips */
    double *columns;            /* [count][TILE / STRIP][TILE][STRIP]: the pivot's columns, transposed, in strips */
    double *negated;            /* [count][TILE][TILE]: less the pivot's columns times its inverse */
} Sweep;

/* The least squares of some rows of a factor model, with those of the other side held still. */
typedef struct {
    int64_t length;             /* of a row: a multiple of STRIP, the rest is zeros */
    const int64_t *starts;      /* [rows + 1] */
    const int32_t *others;      /* [starts[rows]] */
    const double *factors;      /* [n_others][length] */
    const double *gram;         /* [length][length]: what all pairs add, its upper triangle */
    const double *penalties;    /* [rows] */
    double *solved;             /* [rows][length] */
    double *scratch;            /* [length + GATHERED][length] */
} Squares;

#define GATHERED 32             /* rows of factors that are brought together at a time */

/* The steps of a sweep with the pivot `k`: first the pivot, then its columns at each row `i` of tiles, then each row. */
typedef struct {
    bool (*sweep_pivot)(const Sweep *sweep, int64_t k);         /* false: it is not positive definite */
    void (*sweep_columns)(const Sweep *sweep, int64_t k, int64_t i);
    void (*sweep_row)(const Sweep *sweep, int64_t k, int64_t i);
    bool (*solve_rows)(const Squares *squares, int64_t start, int64_t stop);
    void (*add_gram)(double *gram, const double *factors, int64_t rows, int64_t length);
} Kernel;

Kernel kernel_for(int32_t instruction_set);

#endif
