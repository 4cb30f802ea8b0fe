/* One epoch of training: what goes in, and what comes out. There is no Python here. */
#ifndef RECOMMENDER_EPOCH_H
#define RECOMMENDER_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

#include "../../../native/instruction_sets.h"

/* The floats of a vector. Sums are taken in so many lanes, and a row of embeddings is a whole number of vectors. */
#define LANES 16

/* Positives, Rows, Method, Machine and Histories are the named tuples of positives.py, rows.py, method.py and
   histories.py, which explain the fields. The sizes are added here: a NumPy array knows its own. */

typedef struct {
    int64_t count;              /* row_starts[users.count] */
    const int64_t *row_starts;  /* [users.count + 1] */
    const int32_t *items;       /* [count]: ascending for each user, none twice */
    const float *weights;       /* [count], or NULL: all are 1 */
} Positives;

typedef struct {
    int64_t count;
    float *embeddings;          /* [count][row_length], 64-byte aligned, padded with zeros */
    float *accumulators;        /* the same shape and alignment, padded with infinity */
    float *biases;              /* [count] */
    float *bias_accumulators;   /* [count] */
} Rows;

typedef struct {
    Rows sources;               /* [items.count]; their biases are not used */
    const float *weights;       /* [users.count], or NULL: users have rows of their own */
    const int32_t *visits;      /* [users.count] */
    uint32_t dropout;           /* of 2^32 */
} Histories;

typedef enum { WARP, BPR } Loss;

typedef struct {
    Loss loss;
    int32_t no_components;
    int32_t row_length;         /* no_components, rounded up to a multiple of LANES */
    float learning_rate;
    double user_alpha, item_alpha;
    int32_t max_sampled;
    const float *rank_losses;   /* [max_sampled] */
    int64_t batches;
    uint64_t seed;
} Method;

typedef struct {
    int32_t threads;
    int32_t instruction_set;    /* an index into instruction_sets() */
} Machine;

typedef struct {
    uint64_t number;            /* from 0; it selects the random numbers */
    Positives positives;
    Rows users;                 /* but for their count, nothing if there are histories */
    Histories histories;        /* what users are sums of */
    Rows items;                 /* numbered at random, see is_positive() */
    Method method;
    Machine machine;
} Epoch;

/* How an epoch is broken off: the calling thread asks after each batch. */
typedef struct {
    bool (*wanted)(void *context);      /* NULL: never */
    void *context;
} Interruption;

typedef struct {
    int64_t violations;         /* examples for which a negative was found to learn from */
    int64_t draws;              /* negatives that were drawn */
} Counts;

typedef enum { EPOCH_DONE, EPOCH_INTERRUPTED, EPOCH_NO_MEMORY } Outcome;

/* Train for one epoch, in place, and add to the counts. After any outcome but EPOCH_DONE the rows are half-trained. */
Outcome run_epoch(const Epoch *epoch, Interruption interruption, Counts *counts);

/* Where the share of a thread begins when `count` things are dealt out evenly; it ends where the next one's begins. */
static inline int64_t share_start(int64_t count, int32_t thread, int32_t threads) {
    return count * thread / threads;
}

#endif
