#include "kernel.h"

#include "lanes.h"
#include "random.h"

#define MAX_LOSS 10.0f          /* as in LightFM */

/* Items are numbered at random, so an item's place in a sorted row can be guessed, and is near. */
ALWAYS_INLINE bool is_positive(const Epoch *epoch, int32_t user, int32_t item, uint64_t spread) {
    const int32_t *first = epoch->positives + epoch->row_starts[user];
    const int32_t *end = epoch->positives + epoch->row_starts[user + 1];
    const int32_t *guess = first + (((uint64_t)item * spread >> 16) * (uint64_t)(end - first) >> 32);
    if (*guess < item) {
        do { guess++; } while (guess < end && *guess < item);
        return guess < end && *guess == item;
    }
    while (*guess > item && guess > first) guess--;
    return *guess == item;
}

ALWAYS_INLINE int mask_of(Four scores, float threshold) {
    return __builtin_ia32_movmskps((Four)(scores > threshold));
}

ALWAYS_INLINE float score(const Epoch *epoch, const Lanes *user, int32_t item, int vectors) {
    const float *row = epoch->items.embeddings + (int64_t)item * vectors * LANES;
    return total(product(user, (const Lanes *)row, vectors)) + epoch->items.biases[item];
}

/* Four scores at once: the sums wait for each other less. */
ALWAYS_INLINE Four scores(const Epoch *epoch, const Lanes *user, const int32_t *items, int vectors) {
    Four parts[4];
    for (int n = 0; n < 4; n++) {
        const float *row = epoch->items.embeddings + (int64_t)items[n] * vectors * LANES;
        parts[n] = fold(product(user, (const Lanes *)row, vectors));
    }
    const float *biases = epoch->items.biases;
    Four bias = {biases[items[0]], biases[items[1]], biases[items[2]], biases[items[3]]};
    return totals(parts[0], parts[1], parts[2], parts[3]) + bias;
}

ALWAYS_INLINE void draw_four(uint64_t key, int32_t first, uint32_t limit, int32_t *items) {
    uint64_t low = random_bits(key, (uint64_t)first), high = random_bits(key, (uint64_t)first + 1);
    items[0] = (int32_t)random_below((uint32_t)low, limit);
    items[1] = (int32_t)random_below((uint32_t)(low >> 32), limit);
    items[2] = (int32_t)random_below((uint32_t)high, limit);
    items[3] = (int32_t)random_below((uint32_t)(high >> 32), limit);
}

ALWAYS_INLINE void learn(const Batch *batch, int64_t start, int64_t stop, Counts *counts, int vectors) {
    const Epoch *epoch = batch->epoch;
    const Example *examples = batch->order->examples;
    const uint32_t n_items = (uint32_t)epoch->items.count;
    const int64_t length = vectors * LANES;
    const float rate = epoch->learning_rate;
    const uint64_t spread = (UINT64_C(1) << 48) / n_items;
    int64_t draws = 0, violations = 0;
#ifndef AHEAD
#define AHEAD 4
#endif
    int32_t ahead[AHEAD][4];
    uint64_t keys[AHEAD];
    for (int64_t next = start - AHEAD; next < stop; next++) {
        int64_t e = next;
        int64_t f = next + AHEAD;
        uint64_t key = 0; int32_t items[4];
        int slot = (int)((f - start) % AHEAD);
        key = keys[slot];
        memcpy(items, ahead[slot], sizeof items);
        if (f < stop) {
            uint64_t fkey = random_bits(batch->key, (uint64_t)f);
            keys[slot] = fkey;
            draw_four(fkey, 0, n_items, ahead[slot]);
            for (int n = 0; n < 4; n++) {
                prefetch(epoch->items.embeddings + ahead[slot][n] * length, vectors);
            }
            prefetch(epoch->users.embeddings + examples[f].user * length, vectors);
            prefetch(epoch->users.accumulators + examples[f].user * length, vectors);
            prefetch(epoch->items.embeddings + examples[f].item * length, vectors);
            __builtin_prefetch(epoch->positives + epoch->row_starts[examples[f].user]);
            __builtin_prefetch(epoch->positives + (epoch->row_starts[examples[f].user] + epoch->row_starts[examples[f].user + 1]) / 2);
        }
        if (e < start) continue;
        Example example = examples[e];
        Lanes *user = (Lanes *)(epoch->users.embeddings + example.user * length);
        const Lanes *positive = (Lanes *)(epoch->items.embeddings + example.item * length);
        Step *step = batch->steps + (e - batch->start);
        float threshold = score(epoch, user, example.item, vectors) - 1.0f;
        int32_t negative = NONE, n = 0;
        for (; n < epoch->max_sampled; n += 4) {
            int found = mask_of(scores(epoch, user, items, vectors), threshold);
            if (epoch->max_sampled - n < 4) found &= (1 << (epoch->max_sampled - n)) - 1;
            for (; found; found &= found - 1) {
                int j = __builtin_ctz((unsigned)found);
                if (!is_positive(epoch, example.user, items[j], spread)) {
                    negative = items[j];
                    n += j + 1;
                    goto out;
                }
            }
            draw_four(key, n / 2 + 2, n_items, items);
        }
        n = epoch->max_sampled;
    out:
        draws += n;
        *step = (Step){example.item, negative, 0};
        if (negative == NONE) continue;
        violations++;
        float loss = epoch->rank_losses[n - 1];
        if (batch->order->weights) loss *= batch->order->weights[e];
        if (loss > MAX_LOSS) loss = MAX_LOSS;
        step->loss = loss;
        Lanes *accumulators = (Lanes *)(epoch->users.accumulators + example.user * length);
        const Lanes *worse = (Lanes *)(epoch->items.embeddings + negative * length);
        Lanes *kept = (Lanes *)(batch->user_rows + (e - batch->start) * length);
        for (int v = 0; v < vectors; v++) {
            Lanes gradient = loss * (worse[v] - positive[v]);
            kept[v] = user[v];
            user[v] -= rate * inverse_roots(accumulators[v]) * gradient;
            accumulators[v] += gradient * gradient;
        }
        float *bias = epoch->users.biases + example.user, *acc = epoch->users.bias_accumulators + example.user;
        *bias -= rate * inverse_root(*acc) * loss;
        *acc += loss * loss;
    }
    counts->draws += draws;
    counts->violations += violations;
}

ALWAYS_INLINE void step_item(const Epoch *epoch, int32_t item, float loss, const Lanes *user, int vectors) {
    Lanes *row = (Lanes *)(epoch->items.embeddings + (int64_t)item * vectors * LANES);
    Lanes *accumulators = (Lanes *)(epoch->items.accumulators + (int64_t)item * vectors * LANES);
    const float rate = epoch->learning_rate;
    for (int v = 0; v < vectors; v++) {
        Lanes gradient = loss * user[v];
        row[v] -= rate * inverse_roots(accumulators[v]) * gradient;
        accumulators[v] += gradient * gradient;
    }
    float *bias = epoch->items.biases + item, *acc = epoch->items.bias_accumulators + item;
    *bias -= rate * inverse_root(*acc) * loss;
    *acc += loss * loss;
}

ALWAYS_INLINE bool owned(int32_t item, uint32_t thread, uint32_t threads) {
    return (uint32_t)(((uint64_t)((uint32_t)(item >> 4) * 2654435769u) * threads) >> 32) == thread;
}

ALWAYS_INLINE void apply(const Batch *batch, int32_t thread, int vectors) {
    const Epoch *epoch = batch->epoch;
    const int64_t size = batch->stop - batch->start;
    for (int64_t i = 0; i < size; i++) {
        Step step = batch->steps[i];
        if (step.negative == NONE) continue;
        if (i + 4 < size && batch->steps[i + 4].negative != NONE) {
            prefetch(epoch->items.accumulators + (int64_t)batch->steps[i + 4].positive * vectors * LANES, vectors);
            prefetch(epoch->items.accumulators + (int64_t)batch->steps[i + 4].negative * vectors * LANES, vectors);
            prefetch(epoch->items.embeddings + (int64_t)batch->steps[i + 4].positive * vectors * LANES, vectors);
            prefetch(epoch->items.embeddings + (int64_t)batch->steps[i + 4].negative * vectors * LANES, vectors);
        }
        const Lanes *user = (Lanes *)(batch->user_rows + i * vectors * LANES);
        if (owned(step.positive, (uint32_t)thread, (uint32_t)epoch->threads)) step_item(epoch, step.positive, -step.loss, user, vectors);
        if (owned(step.negative, (uint32_t)thread, (uint32_t)epoch->threads)) step_item(epoch, step.negative, step.loss, user, vectors);
    }
}

#define KERNEL(NAME, TARGET) \
    TARGET static void learn_##NAME(const Batch *batch, int64_t start, int64_t stop, Counts *counts) { \
        switch (batch->epoch->row_length / LANES) { \
        case 1: learn(batch, start, stop, counts, 1); break; \
        case 2: learn(batch, start, stop, counts, 2); break; \
        case 4: learn(batch, start, stop, counts, 4); break; \
        default: learn(batch, start, stop, counts, batch->epoch->row_length / LANES); \
        } \
    } \
    TARGET static void apply_##NAME(const Batch *batch, int32_t thread) { \
        switch (batch->epoch->row_length / LANES) { \
        case 1: apply(batch, thread, 1); break; \
        case 2: apply(batch, thread, 2); break; \
        case 4: apply(batch, thread, 4); break; \
        default: apply(batch, thread, batch->epoch->row_length / LANES); \
        } \
    }

KERNEL(baseline, )
KERNEL(v3, __attribute__((target("arch=x86-64-v3"))))
KERNEL(v4, __attribute__((target("arch=x86-64-v4"))))

Kernel kernel_for(int32_t s) {
    if (s == 2) return (Kernel){learn_v4, apply_v4};
    if (s == 1) return (Kernel){learn_v3, apply_v3};
    return (Kernel){learn_baseline, apply_baseline};
}
