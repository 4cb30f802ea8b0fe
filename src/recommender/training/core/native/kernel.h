/* What is done with the examples of one batch. See README.md, "One batch". */
#ifndef RECOMMENDER_KERNEL_H
#define RECOMMENDER_KERNEL_H

#include "epoch.h"
#include "order.h"

/* What an example asks of the items. */
typedef struct {
    int32_t positive;
    int32_t negative;           /* or NONE: nothing to learn */
    float loss;
} Step;

enum { NONE = -1 };

typedef struct {
    const Epoch *epoch;
    const Order *order;
    uint64_t key;               /* of the epoch's draws */
    int64_t start, stop;        /* the batch's examples */
    Step *steps;                /* [stop - start] */
    float *user_rows;           /* [stop - start][row_length]: the user's embedding before its step */
    double *rates;              /* [stop - start]: the mean learning rate of a step; only kept if there is a penalty */
    double user_scale, item_scale;
} Batch;

typedef struct {
    /* Draw negatives for the examples [start, stop), step the users, and note what the items have to do. */
    void (*learn)(const Batch *batch, int64_t start, int64_t stop, Counts *counts);
    /* Step the items that belong to this thread, in the order of the examples. */
    void (*apply)(const Batch *batch, int32_t thread);
} Kernel;

Kernel kernel_for(int32_t instruction_set);

#endif
