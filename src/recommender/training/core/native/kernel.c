#include "kernel.h"

#include <stddef.h>

#include "adagrad.h"
#include "history.h"
#include "lanes.h"
#include "negatives.h"
#include "random.h"

#define AHEAD 4                 /* how many examples ahead the memory is fetched that an example will need */

/* The sum of an item's learning rates, as they are at the start of the batch. */
ALWAYS_INLINE float item_rates(const Epoch *epoch, int32_t item, int vectors) {
    const Lanes *accumulators = (const Lanes *)(epoch->items.accumulators + (int64_t)item * vectors * LANES);
    Lanes sums = epoch->method.learning_rate / square_roots(accumulators[0]);
    for (int v = 1; v < vectors; v++) {
        sums += epoch->method.learning_rate / square_roots(accumulators[v]);
    }
    return total(fold(sums)) + epoch->method.learning_rate / __builtin_sqrtf(epoch->items.bias_accumulators[item]);
}

ALWAYS_INLINE void update_user(const Batch *batch, int64_t index, int32_t user, Pair pair, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const double alpha = epoch->method.user_alpha;
    const int64_t offset = (int64_t)user * vectors * LANES;
    const Lanes *row = (const Lanes *)(epoch->users.embeddings + offset);
    const Lanes *positive = item_row(epoch, pair.positive, vectors);
    const Lanes *negative = item_row(epoch, pair.negative, vectors);
    Lanes *before = (Lanes *)(batch->users_before + index * vectors * LANES);
    const float loss = pair.loss * batch->item_scale;
    Lanes rates = {0};
    for (int v = 0; v < vectors; v++) {
        Lanes gradient = loss * (negative[v] - positive[v]);
        before[v] = row[v];
        rates += adagrad(epoch, &epoch->users, offset + v * LANES, gradient, alpha, penalty);
    }
    float bias_rate = adagrad_bias(epoch, &epoch->users, user, pair.loss, alpha, penalty);
    if (penalty) {
        float sum = total(fold(rates)) + bias_rate;
        sum += item_rates(epoch, pair.positive, vectors);
        sum += item_rates(epoch, pair.negative, vectors);
        batch->mean_rates[index] = sum / (float)(3 * (epoch->method.no_components + 1));
    }
}

ALWAYS_INLINE void update_item(const Batch *batch, int64_t index, int32_t item, float loss, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const double growth = batch->item_growth;
    const int64_t offset = (int64_t)item * vectors * LANES;
    const Lanes *user = (const Lanes *)(batch->users_before + index * vectors * LANES);
    for (int v = 0; v < vectors; v++) {
        Lanes gradient = loss * batch->user_scale * user[v];
        adagrad(epoch, &epoch->items, offset + v * LANES, gradient, growth, penalty);
    }
    adagrad_bias(epoch, &epoch->items, item, loss, growth, penalty);
}

/* Fetch what an example will surely need; its draws are fetched by learn(). */
ALWAYS_INLINE void prefetch_example(const Epoch *epoch, Example example, bool histories, int vectors) {
    const int64_t user = (int64_t)example.user * vectors * LANES;
    if (histories) {
        prefetch((const float *)row_of(epoch->histories.sources.embeddings, example.item, vectors), vectors);
    } else {
        prefetch(epoch->users.embeddings + user, vectors);
        prefetch(epoch->users.accumulators + user, vectors);
    }
    prefetch((const float *)item_row(epoch, example.item, vectors), vectors);
    __builtin_prefetch(epoch->positives.items + epoch->positives.row_starts[example.user]);
}

/* Each example is prepared AHEAD rounds before it is learned from, so that its memory has come by then. */
ALWAYS_INLINE void learn(const Batch *batch, int64_t start, int64_t stop, Counts *counts, bool histories, bool penalty,
                         int vectors) {
    const Epoch *epoch = batch->epoch;
    const Example *examples = batch->order->examples;
    const bool warp = histories || epoch->method.loss == WARP;
    int64_t visit = start;
    struct {
        uint64_t key;
        int32_t items[4];       /* the first draws */
    } ahead[AHEAD] = {{0}};
    Counts counted = {0, 0};
    for (int64_t next = start; next < stop + AHEAD; next++) {
        int64_t now = next - AHEAD;
        if (now >= start) {
            Example example = examples[now];
            uint64_t key = ahead[now % AHEAD].key;
            int32_t *items = ahead[now % AHEAD].items;
            if (histories && (now == start || example.user != examples[now - 1].user)) {
                visit = now;
                sum_history(batch, visit, example.user, vectors);
            }
            const Lanes *user = histories ? user_without(batch, visit, now, example, vectors)
                                          : row_of(epoch->users.embeddings, example.user, vectors);
            Negative negative = {NONE, 0, 0};       /* of a user who has nothing else */
            if (!histories || epoch->histories.weights[example.user] != 0) {
                negative = warp ? find_violation(batch, user, example, key, items, vectors)
                                : find_unliked(batch, user, example, key, items[0], vectors);
            }
            float loss = batch->order->weights ? negative.loss * batch->order->weights[now] : negative.loss;
            if (warp && loss > MAX_WARP_LOSS) {
                loss = MAX_WARP_LOSS;
            }
            Pair pair = {example.item, negative.item, loss};
            batch->pairs[now - batch->start] = pair;
            counted.draws += negative.draws;
            if (negative.item != NONE) {
                counted.violations++;
                if (histories) {
                    leave_step(batch, visit, now, example.user, pair, vectors);
                } else {
                    update_user(batch, now - batch->start, example.user, pair, penalty, vectors);
                }
            }
        }
        if (next < stop) {
            uint64_t key = random_bits(batch->draw_key, (uint64_t)next);
            int32_t *items = ahead[next % AHEAD].items;
            ahead[next % AHEAD].key = key;
            prefetch_example(epoch, examples[next], histories, vectors);
            if (warp) {
                draw_four(epoch, key, 0, items);
            } else {
                items[0] = draw_liked(epoch, key, 0);
            }
            for (int n = 0; n < (warp ? 4 : 1); n++) {
                prefetch((const float *)item_row(epoch, items[n], vectors), vectors);
            }
        }
    }
    counts->draws += counted.draws;
    counts->violations += counted.violations;
}

ALWAYS_INLINE void apply(const Batch *batch, int32_t first, int32_t end, bool histories, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const int64_t size = batch->stop - batch->start;
    for (int64_t now = -AHEAD; now < size; now++) {
        if (now + AHEAD < size) {
            Pair next = batch->pairs[now + AHEAD];
            int32_t items[2] = {next.positive, next.negative};
            for (int n = 0; n < 2; n++) {
                if (next.negative != NONE && items[n] >= first && items[n] < end) {
                    prefetch((const float *)item_row(epoch, items[n], vectors), vectors);
                    prefetch(epoch->items.accumulators + (int64_t)items[n] * vectors * LANES, vectors);
                }
            }
        }
        if (now < 0 || batch->pairs[now].negative == NONE) {
            continue;
        }
        Pair pair = batch->pairs[now];
        if (pair.positive >= first && pair.positive < end) {
            update_item(batch, now, pair.positive, -pair.loss, penalty, vectors);
        }
        if (pair.negative >= first && pair.negative < end) {
            update_item(batch, now, pair.negative, pair.loss, penalty, vectors);
        }
    }
    if (histories) {
        apply_steps(batch, first, end, penalty, vectors);
    }
}

/* Where the number of vectors in a row is a constant, the compiler unrolls the loops over them. Rows of 1, 2 and 4 vectors
   are usual, and so is no penalty; all the rest keeps the loops. No row has 0 vectors, so 0 is free to mean a penalty. */
enum { PENALISED = 0 };
#define SPECIALISE(FUNCTION, VECTORS, PENALTY, ...) \
    switch (PENALTY ? PENALISED : VECTORS) { \
    case PENALISED: FUNCTION(__VA_ARGS__, true, VECTORS); break; \
    case 1: FUNCTION(__VA_ARGS__, false, 1); break; \
    case 2: FUNCTION(__VA_ARGS__, false, 2); break; \
    case 4: FUNCTION(__VA_ARGS__, false, 4); break; \
    default: FUNCTION(__VA_ARGS__, false, VECTORS); \
    }
#define COMPILE(NAME, HISTORIES, TARGET) \
    TARGET static void learn_##NAME(const Batch *batch, int64_t start, int64_t stop, Counts *counts) { \
        SPECIALISE(learn, batch->epoch->method.row_length / LANES, batch->penalty, batch, start, stop, counts, HISTORIES) \
    } \
    TARGET static void apply_##NAME(const Batch *batch, int32_t first, int32_t end) { \
        SPECIALISE(apply, batch->epoch->method.row_length / LANES, batch->penalty, batch, first, end, HISTORIES) \
    }

#define BASELINE
COMPILE(baseline, false, BASELINE)
COMPILE(baseline_histories, true, BASELINE)
#ifdef __x86_64__
COMPILE(avx2, false, AVX2)
COMPILE(avx2_histories, true, AVX2)
COMPILE(avx512, false, AVX512)
COMPILE(avx512_histories, true, AVX512)
#endif

static const Kernel kernels[][2] = {
    {{learn_baseline, apply_baseline}, {learn_baseline_histories, apply_baseline_histories}},
#ifdef __x86_64__
    {{learn_avx2, apply_avx2}, {learn_avx2_histories, apply_avx2_histories}},
    {{learn_avx512, apply_avx512}, {learn_avx512_histories, apply_avx512_histories}},
#endif
};

Kernel kernel_for(int32_t instruction_set, bool histories) {
    return kernels[instruction_set][histories];
}
