/* Users that are sums: of the sources of what they like, see README.md, "History WARP". Included by kernel.c alone, which
   compiles it for each instruction set. */
#ifndef RECOMMENDER_HISTORY_H
#define RECOMMENDER_HISTORY_H

#include "adagrad.h"
#include "kernel.h"
#include "lanes.h"
#include "random.h"

#define BLOCK 64                /* the items of a history that are looked at before the kept ones are read */
#define SOURCES_AHEAD 4         /* how many sources ahead the memory is fetched */

ALWAYS_INLINE Lanes *row_of(float *rows, int64_t index, int vectors) {
    return (Lanes *)(rows + index * vectors * LANES);
}

/* What decides which items the visit drops; `first` is its first example. Whoever asks gets the same. */
ALWAYS_INLINE uint64_t visit_key(const Batch *batch, int64_t first) {
    return random_bits(batch->dropout_key, (uint64_t)first);
}

ALWAYS_INLINE bool is_kept(const Epoch *epoch, uint64_t key, int32_t item) {
    return (uint32_t)(random_bits(key, (uint64_t)item) >> 32) >= epoch->histories.dropout;
}

/* Collect those of at most BLOCK items that the visit keeps, in order; returns their number. */
ALWAYS_INLINE int keep(const Epoch *epoch, uint64_t key, const int32_t *items, const int32_t *end, int32_t kept[BLOCK]) {
    const int64_t count = end - items < BLOCK ? end - items : BLOCK;
    int found = 0;
    for (int64_t i = 0; i < count; i++) {
        kept[found] = items[i];
        found += is_kept(epoch, key, items[i]);     /* no branch: none could be predicted */
    }
    return found;
}

/* Add `width` vectors of some sources to a sum, which stays in registers meanwhile. */
ALWAYS_INLINE void add_sources(const Epoch *epoch, const int32_t *items, int count, int v, int width, int vectors,
                               Lanes *sum) {
    Lanes sums[4];
    for (int n = 0; n < width; n++) {
        sums[n] = sum[v + n];
    }
    for (int i = 0; i < count; i++) {
        const Lanes *source = row_of(epoch->histories.sources.embeddings, items[i], vectors) + v;
        for (int n = 0; n < width; n++) {
            sums[n] += source[n];
        }
    }
    for (int n = 0; n < width; n++) {
        sum[v + n] = sums[n];
    }
}

/* Begin a visit: sum up what it keeps, in the order of the items. */
ALWAYS_INLINE void sum_history(const Batch *batch, int64_t first, int32_t user, int vectors) {
    const Epoch *epoch = batch->epoch;
    const uint64_t key = visit_key(batch, first);
    const int32_t *items = epoch->positives.items + epoch->positives.row_starts[user];
    const int32_t *end = epoch->positives.items + epoch->positives.row_starts[user + 1];
    Lanes *sum = row_of(batch->sums, first - batch->start, vectors);
    Lanes *gradient = row_of(batch->gradients, first - batch->start, vectors);
    for (int v = 0; v < vectors; v++) {
        sum[v] = gradient[v] = (Lanes){0};
    }
    for (; items < end; items += BLOCK) {
        int32_t kept[BLOCK];
        const int count = keep(epoch, key, items, end, kept);
        int v = 0;
        for (; v + 4 <= vectors; v += 4) {
            add_sources(epoch, kept, count, v, 4, vectors, sum);
        }
        for (; v < vectors; v++) {
            add_sources(epoch, kept, count, v, 1, vectors, sum);
        }
    }
}

/* The user as the example sees it: without the item that is to be found. It is kept for apply(). */
ALWAYS_INLINE const Lanes *user_without(const Batch *batch, int64_t first, int64_t now, Example example, int vectors) {
    const Epoch *epoch = batch->epoch;
    const Lanes *sum = row_of(batch->sums, first - batch->start, vectors);
    const Lanes *source = row_of(epoch->histories.sources.embeddings, example.item, vectors);
    const float weight = epoch->histories.weights[example.user];
    const bool kept = is_kept(epoch, visit_key(batch, first), example.item);
    Lanes *user = row_of(batch->users_before, now - batch->start, vectors);
    for (int v = 0; v < vectors; v++) {
        Lanes others = sum[v];
        if (kept) {
            others -= source[v];
        }
        user[v] = weight * others;
    }
    return user;
}

ALWAYS_INLINE void leave_step(const Batch *batch, int64_t first, int64_t now, int32_t user, Pair pair, int vectors) {
    const Epoch *epoch = batch->epoch;
    const Lanes *positive = row_of(epoch->items.embeddings, pair.positive, vectors);
    const Lanes *negative = row_of(epoch->items.embeddings, pair.negative, vectors);
    const float loss = pair.loss * epoch->histories.weights[user];
    Lanes *step = row_of(batch->steps, now - batch->start, vectors);
    Lanes *gradient = row_of(batch->gradients, first - batch->start, vectors);
    for (int v = 0; v < vectors; v++) {
        step[v] = loss * (negative[v] - positive[v]);
        gradient[v] += step[v];
    }
}

ALWAYS_INLINE const int32_t *first_from(const int32_t *items, const int32_t *end, int32_t item) {
    while (items < end) {
        const int32_t *middle = items + (end - items) / 2;
        if (*middle < item) {
            items = middle + 1;
        } else {
            end = middle;
        }
    }
    return items;
}

/* Update the sources of a visit's history, as far as they are the thread's. An example tells nothing about the source of
   its own item, which it did not see. */
ALWAYS_INLINE void apply_visit(const Batch *batch, int64_t visit, int64_t visit_end, int32_t first, int32_t end,
                               bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const Rows *sources = &epoch->histories.sources;
    const Example *examples = batch->order->examples;
    const int32_t user = examples[visit].user;
    const int32_t *row_end = epoch->positives.items + epoch->positives.row_starts[user + 1];
    const int32_t *items = first_from(epoch->positives.items + epoch->positives.row_starts[user], row_end, first);
    const int32_t *items_end = first_from(items, row_end, end);
    const Lanes *gradient = row_of(batch->gradients, visit - batch->start, vectors);
    const uint64_t key = visit_key(batch, visit);
    int64_t example = visit;
    for (; items < items_end; items += BLOCK) {
        int32_t kept[BLOCK];
        const int count = keep(epoch, key, items, items_end, kept);
        for (int i = -SOURCES_AHEAD; i < count; i++) {
            if (i + SOURCES_AHEAD < count) {
                const int64_t offset = (int64_t)kept[i + SOURCES_AHEAD] * vectors * LANES;
                prefetch(sources->embeddings + offset, vectors);
                prefetch(sources->accumulators + offset, vectors);
            }
            if (i < 0) {
                continue;
            }
            while (example < visit_end && examples[example].item < kept[i]) {
                example++;
            }
            const int64_t offset = (int64_t)kept[i] * vectors * LANES;
            if (example < visit_end && examples[example].item == kept[i]
                && batch->pairs[example - batch->start].negative != NONE) {
                const Lanes *step = row_of(batch->steps, example - batch->start, vectors);
                for (int v = 0; v < vectors; v++) {
                    adagrad(epoch, sources, offset + v * LANES, gradient[v] - step[v], batch->item_growth, penalty);
                }
            } else {
                for (int v = 0; v < vectors; v++) {
                    adagrad(epoch, sources, offset + v * LANES, gradient[v], batch->item_growth, penalty);
                }
            }
        }
    }
}

/* Update the sources [first, end) by the batch's visits, in their order. A visit that found no negative learns nothing. */
ALWAYS_INLINE void apply_steps(const Batch *batch, int32_t first, int32_t end, bool penalty, int vectors) {
    const Example *examples = batch->order->examples;
    for (int64_t visit = batch->start, next; visit < batch->stop; visit = next) {
        bool learned = false;
        for (next = visit; next < batch->stop && examples[next].user == examples[visit].user; next++) {
            learned |= batch->pairs[next - batch->start].negative != NONE;
        }
        if (learned) {
            apply_visit(batch, visit, next, first, end, penalty, vectors);
        }
    }
}

#endif
