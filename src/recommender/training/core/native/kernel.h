/* What is done with the examples of one batch, compiled for each instruction set. */
#ifndef RECOMMENDER_KERNEL_H
#define RECOMMENDER_KERNEL_H

#include "epoch.h"
#include "order.h"

/* What the items have to do for an example. */
typedef struct {
    int32_t positive;
    int32_t negative;           /* NONE: nothing */
    float loss;
} Step;

enum { NONE = -1 };

typedef struct {
    const Epoch *epoch;
    const Order *order;
    uint64_t key;               /* of the random numbers that negatives are drawn with */
    int64_t start, stop;        /* the batch's examples are order->examples[start .. stop] */
    uint64_t spacing;           /* 2^48 / items.count */
    Step *steps;                /* [stop - start] */
    float *user_rows;           /* [stop - start][row_length]: the user's embedding before its step */
    float *rates;               /* [stop - start]: a step's mean learning rate, or NULL: there is no penalty */
    float user_scale, item_scale;   /* what embeddings and biases are multiplied with, see README.md, "L2 penalty" */
    float score_scale;              /* their product */
} Batch;

typedef struct {
    /* Draw negatives for the examples [start, stop), step their users, and note what the items have to do.
       No other thread may have examples of the same users. */
    void (*learn)(const Batch *batch, int64_t start, int64_t stop, Counts *counts);
    /* Step the items [first, last), in the order of the batch's examples. */
    void (*apply)(const Batch *batch, int32_t first, int32_t last);
} Kernel;

Kernel kernel_for(int32_t instruction_set);

#endif
