/* One epoch of training: what goes in, and what comes out. No Python here. */
#ifndef RECOMMENDER_EPOCH_H
#define RECOMMENDER_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers that are added up side by side; a row of embeddings is filled up with zeros to a multiple of it. */
#define LANES 16

/* The users, or the items. */
typedef struct {
    int64_t count;
    float *embeddings;          /* [count][row_length], rows on a 64-byte boundary, the filling zero */
    float *accumulators;        /* of the same shape: Adagrad's sums of squared gradients, the filling very large */
    float *biases;              /* [count] */
    float *bias_accumulators;   /* [count] */
    double alpha;               /* the L2 penalty */
} Side;

typedef enum { WARP, BPR } Loss;

typedef struct {
    Loss loss;
    int32_t components;
    int32_t row_length;         /* components, rounded up to a multiple of LANES */
    int32_t max_sampled;
    const float *rank_losses;   /* [max_sampled]: WARP's loss when the n-th draw violates the ranking */
    float learning_rate;
    uint64_t seed;
    uint64_t epoch;
    int64_t batches;
    int32_t threads;
    int32_t instruction_set;    /* an index into instruction_sets() */
    const int64_t *row_starts;  /* [users.count + 1]: where in `positives` a user begins */
    const int32_t *positives;   /* [row_starts[users.count]]: items, in ascending order for each user */
    const float *weights;       /* of the same length, or NULL: all are 1 */
    Side users;
    Side items;
    bool (*interrupted)(void *context);     /* asked by the calling thread between batches */
    void *context;
} Epoch;

typedef struct {
    int64_t violations;         /* examples for which a violating negative was found */
    int64_t draws;              /* negatives that were drawn */
} Counts;

typedef enum { EPOCH_DONE, EPOCH_INTERRUPTED, EPOCH_NO_MEMORY, EPOCH_NO_THREADS } Outcome;

Outcome run_epoch(const Epoch *epoch, Counts *counts);

/* The names of the instruction sets that this CPU has and the kernel is compiled for, best last; ends with NULL. */
const char *const *instruction_sets(void);

#endif
