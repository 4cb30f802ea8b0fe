/* What pairs of items have in common: sums over the users of both. */
#ifndef RECOMMENDER_COMMON_H
#define RECOMMENDER_COMMON_H

#include <stdbool.h>
#include <stdint.h>

/* Pairs in compressed rows: those of an item are its users, those of a user the user's items. */
typedef struct {
    int64_t rows;
    const int64_t *starts;      /* [rows + 1] */
    const int32_t *columns;     /* [starts[rows]]: ascending in each row */
} Pairs;

/* How a sum over the common users of two items becomes their similarity:
   sum / row_factors[i] / (column_factors[j] + shrinkage / row_factors[i]). */
typedef struct {
    const double *user_weights;         /* [users] */
    const double *row_factors;          /* [items] */
    const double *column_factors;       /* [items] */
    double shrinkage;
    int64_t neighbours;                 /* how many are kept, at most */
} Similarity;

/* Lists of items, one for each of some rows. */
typedef struct {
    int32_t *items;             /* [rows][neighbours]: ascending */
    float *values;              /* the same shape */
    int64_t *counts;            /* [rows] */
} Lists;

/* Count common users into rows `start` to `stop` of tiles of a lower triangle; see Sweep. */
void count_common(double *tiles, const Pairs *by_item, const Pairs *by_user, int64_t start, int64_t stop);

/* Find for each item from `start` to `stop` the most similar others, of equal ones the lower items, and none whose
   similarity is zero. False: there is no memory. */
bool find_similar(const Pairs *by_item, const Pairs *by_user, const Similarity *similarity, int64_t start, int64_t stop,
                  const Lists *lists);

#endif
