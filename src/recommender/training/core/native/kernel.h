/* What is done with the examples of one batch, compiled for each instruction set. */
#ifndef RECOMMENDER_KERNEL_H
#define RECOMMENDER_KERNEL_H

#include "epoch.h"
#include "order.h"

/* What learning from an example leaves for its two items to do: to move apart, the further, the larger the loss. */
typedef struct {
    int32_t positive;
    int32_t negative;           /* NONE: none was found, and nothing is to be done */
    float loss;
} Pair;

enum { NONE = -1 };

typedef struct {
    const Epoch *epoch;
    const Order *order;
    uint64_t draw_key;          /* of the random numbers that negatives are drawn with */
    uint64_t items_inverse;     /* 2^48 / items.count */
    int64_t start, stop;        /* its examples are order->examples[start .. stop) */
    Pair *pairs;                /* [stop - start] */
    float *users_before;        /* [stop - start][row_length]: the user's embedding before it learned from the example */
    bool penalty;
    double item_growth;         /* an update multiplies an item's row by 1 + its rate times this */
    float *mean_rates;          /* [stop - start]: of all that the example updates; NULL: scales stay as they are */
    float user_scale, item_scale;   /* representations are rows times these, see README.md, "L2 penalty" */
    float score_scale;              /* their product */

    /* With histories. A visit is all that a batch has of one user; what it has once is at the place of its first example. */
    uint64_t dropout_key;
    float *sums;                /* [stop - start][row_length]: of the sources that the visit keeps */
    float *steps;               /* [stop - start][row_length]: the gradient of the user's sum, by example */
    float *gradients;           /* [stop - start][row_length]: the sum of the visit's steps */
} Batch;

typedef struct {
    /* Find negatives for the examples [start, stop), update their users, and leave the pairs (and steps) to apply().
       No other thread may have examples of the same users. */
    void (*learn)(const Batch *batch, int64_t start, int64_t stop, Counts *counts);
    /* Update the items (and sources) [first, end) by the batch's pairs (and steps), in the order of the examples. */
    void (*apply)(const Batch *batch, int32_t first, int32_t end);
} Kernel;

Kernel kernel_for(int32_t instruction_set, bool histories);

#endif
