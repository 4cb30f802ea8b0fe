#include "order.h"

#include <stdlib.h>

#include "random.h"

/* Each positive goes to a random batch. Within a batch the examples stay in the order of the data, so that a user's
   examples are neighbours: one thread can take them all, and the users' memory is walked through in one direction.

   With histories, each goes to one of a few batches that are drawn for its user: the user's visits. */

typedef struct {
    uint64_t positions, users;
} Keys;

static Keys order_keys(const Epoch *epoch) {
    const uint64_t key = random_bits(epoch->method.seed, epoch->number);
    return (Keys){random_bits(key, 0), random_bits(key, 3)};
}

static inline int64_t batch_of(const Epoch *epoch, Keys keys, int64_t user, int64_t position) {
    uint64_t bits = random_bits(keys.positions, (uint64_t)position);
    if (epoch->histories.weights) {
        uint32_t visit = random_below((uint32_t)(bits >> 32), (uint32_t)epoch->histories.visits[user]);
        bits = random_bits(random_bits(keys.users, (uint64_t)user), visit);
    }
    return random_below((uint32_t)(bits >> 32), (uint32_t)epoch->method.batches);
}

bool order_allocate(Order *order, const Epoch *epoch) {
    const size_t positives = (size_t)epoch->positives.count, batches = (size_t)epoch->method.batches;
    const bool weighted = epoch->positives.weights;
    order->batch_starts = calloc(batches + 1, sizeof *order->batch_starts);
    order->cursors = calloc(batches * (size_t)epoch->machine.threads, sizeof *order->cursors);
    order->examples = calloc(positives, sizeof *order->examples);
    order->weights = weighted ? calloc(positives, sizeof *order->weights) : NULL;
    return order->batch_starts && order->cursors && order->examples && (order->weights || !weighted);
}

void order_free(Order *order) {
    free(order->batch_starts);
    free(order->cursors);
    free(order->examples);
    free(order->weights);
}

void order_add_up(Order *order, const Epoch *epoch) {
    const int64_t batches = epoch->method.batches;
    int64_t sum = 0;
    for (int64_t batch = 0; batch < batches; batch++) {
        order->batch_starts[batch] = sum;
        for (int32_t thread = 0; thread < epoch->machine.threads; thread++) {
            int64_t *cursor = order->cursors + thread * batches + batch;
            int64_t count = *cursor;
            *cursor = sum;
            sum += count;
        }
    }
    order->batch_starts[batches] = sum;
}

static int64_t user_at(const Epoch *epoch, int64_t position) {
    const int64_t *row_starts = epoch->positives.row_starts;
    int64_t low = 0, high = epoch->users.count;     /* row_starts[low] <= position < row_starts[high] */
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (row_starts[middle] <= position) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static inline void walk_share(Order *order, const Epoch *epoch, int32_t thread, bool place) {
    const Positives *positives = &epoch->positives;
    const int32_t threads = epoch->machine.threads;
    const Keys keys = order_keys(epoch);
    int64_t *cursors = order->cursors + thread * epoch->method.batches;
    int64_t position = share_start(positives->count, thread, threads);
    const int64_t stop = share_start(positives->count, thread + 1, threads);
    if (position == stop) {
        return;
    }
    for (int64_t user = user_at(epoch, position); position < stop; user++) {
        int64_t row_stop = positives->row_starts[user + 1] < stop ? positives->row_starts[user + 1] : stop;
        for (; position < row_stop; position++) {
            int64_t cursor = cursors[batch_of(epoch, keys, user, position)]++;
            if (place) {
                order->examples[cursor] = (Example){(int32_t)user, positives->items[position]};
            }
            if (place && order->weights) {
                order->weights[cursor] = positives->weights[position];
            }
        }
    }
}

void order_count(Order *order, const Epoch *epoch, int32_t thread) {
    walk_share(order, epoch, thread, false);
}

void order_place(Order *order, const Epoch *epoch, int32_t thread) {
    walk_share(order, epoch, thread, true);
}

int64_t order_largest_batch(const Order *order, const Epoch *epoch) {
    int64_t largest = 0;
    for (int64_t batch = 0; batch < epoch->method.batches; batch++) {
        int64_t size = order->batch_starts[batch + 1] - order->batch_starts[batch];
        largest = size > largest ? size : largest;
    }
    return largest;
}
