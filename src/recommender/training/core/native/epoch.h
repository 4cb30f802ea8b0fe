/* One epoch of training: what goes in, and what comes out. There is no Python here. */
#ifndef RECOMMENDER_EPOCH_H
#define RECOMMENDER_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

/* So many numbers are added up side by side; a row of embeddings is filled up to a multiple of it. */
#define LANES 16

/* The users, or the items. */
typedef struct {
    int64_t count;
    float *embeddings;          /* [count][row_length], 64-byte aligned, filled up with zero */
    float *accumulators;        /* the same shape: Adagrad's sums of squared gradients, filled up with infinity */
    float *biases;              /* [count] */
    float *bias_accumulators;   /* [count] */
    double alpha;               /* the L2 penalty */
} Side;

typedef enum { WARP, BPR } Loss;

typedef struct {
    Loss loss;
    int32_t components;
    int32_t row_length;         /* components, rounded up to a multiple of LANES */
    int32_t max_sampled;        /* how many negatives WARP draws at most */
    const float *rank_losses;   /* [max_sampled]: WARP's loss when the n-th draw violates the ranking */
    float learning_rate;
    uint64_t seed;
    uint64_t number;            /* the epoch's, from 0: it selects the random numbers */
    int64_t batches;            /* into how many batches the examples are dealt */
    int32_t threads;
    int32_t instruction_set;    /* an index into instruction_sets() */
    const int64_t *row_starts;  /* [users.count + 1]: where in positives a user's begin */
    const int32_t *positives;   /* [row_starts[users.count]]: items, ascending for each user, none twice */
    const float *weights;       /* of the same length, or NULL: all are 1 */
    Side users;
    Side items;                 /* numbered at random, see is_positive() */
    bool (*interrupted)(void *context);     /* asked by the calling thread after each batch */
    void *context;
} Epoch;

typedef struct {
    int64_t violations;         /* examples for which a negative was found to learn from */
    int64_t draws;              /* negatives that were drawn */
} Counts;

typedef enum { EPOCH_DONE, EPOCH_INTERRUPTED, EPOCH_NO_MEMORY } Outcome;

/* Train for one epoch, in place. Unless the outcome is EPOCH_DONE, the embeddings are of no use afterwards. */
Outcome run_epoch(const Epoch *epoch, Counts *counts);

/* The names of the instruction sets that the kernel is compiled for and this CPU has, best last, then NULL. */
const char *const *instruction_sets(void);

#endif
