/* The order of an epoch: which examples form which batch. */
#ifndef RECOMMENDER_ORDER_H
#define RECOMMENDER_ORDER_H

#include "epoch.h"

/* A positive that is to be learned from. */
typedef struct {
    int32_t user;
    int32_t item;
} Example;

typedef struct {
    int64_t *batch_starts;      /* [batches + 1] */
    Example *examples;          /* all positives, batch by batch, and by user within a batch */
    float *weights;             /* in the order of the examples, or NULL: all are 1 */
    int64_t *cursors;           /* [threads][batches]: first how many each thread has, then where it puts the next */
} Order;

bool order_allocate(Order *order, const Epoch *epoch);
void order_free(Order *order);

/* A counting sort in three phases: every thread counts its share, one adds up, and every thread places its share. */
void order_count(Order *order, const Epoch *epoch, int32_t thread);
void order_add_up(Order *order, const Epoch *epoch);
void order_place(Order *order, const Epoch *epoch, int32_t thread);

int64_t order_largest_batch(const Order *order, const Epoch *epoch);

#endif
