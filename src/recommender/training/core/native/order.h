/* The order of an epoch: which examples form which batch. */
#ifndef RECOMMENDER_ORDER_H
#define RECOMMENDER_ORDER_H

#include "epoch.h"

typedef struct {
    int32_t user;
    int32_t item;
} Example;

typedef struct {
    int64_t *batch_starts;      /* [batches + 1] */
    Example *examples;          /* all positives, batch by batch, and by user within a batch */
    float *weights;             /* of the same order, or NULL */
    int64_t *cursors;           /* [threads][batches] */
} Order;

bool order_allocate(Order *order, const Epoch *epoch);
void order_free(Order *order);

/* Three steps: every thread counts its share, one of them adds up, and every thread puts its share in place. */
void order_count(Order *order, const Epoch *epoch, int32_t thread);
void order_add_up(Order *order, const Epoch *epoch);
void order_place(Order *order, const Epoch *epoch, int32_t thread);

int64_t order_largest_batch(const Order *order, const Epoch *epoch);

#endif
