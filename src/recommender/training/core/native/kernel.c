#include "kernel.h"

#include <stddef.h>

#include "lanes.h"
#include "negatives.h"
#include "random.h"

#define AHEAD 4                 /* so many examples ahead, memory is asked for what an example will need */

/* Adagrad's step; returns the learning rates. */
ALWAYS_INLINE Lanes step(const Epoch *epoch, const Side *side, int64_t offset, Lanes gradient, bool penalty) {
    Lanes *row = (Lanes *)(side->embeddings + offset), *accumulators = (Lanes *)(side->accumulators + offset);
    Lanes rates = epoch->learning_rate / square_roots(*accumulators);
    *accumulators += gradient * gradient;
    Lanes stepped = *row - rates * gradient;
    if (penalty) {
        stepped += (float)side->alpha * rates * stepped;
    }
    *row = stepped;
    return rates;
}

ALWAYS_INLINE float step_bias(const Epoch *epoch, const Side *side, int32_t index, float gradient, bool penalty) {
    float *accumulator = side->bias_accumulators + index;
    float rate = epoch->learning_rate / __builtin_sqrtf(*accumulator);
    *accumulator += gradient * gradient;
    float stepped = side->biases[index] - rate * gradient;
    side->biases[index] = penalty ? stepped + (float)side->alpha * rate * stepped : stepped;
    return rate;
}

/* The sum of an item's learning rates, as they are at the start of the batch. */
ALWAYS_INLINE float item_rates(const Epoch *epoch, int32_t item, int vectors) {
    const Lanes *accumulators = (const Lanes *)(epoch->items.accumulators + (int64_t)item * vectors * LANES);
    Lanes sums = epoch->learning_rate / square_roots(accumulators[0]);
    for (int v = 1; v < vectors; v++) {
        sums += epoch->learning_rate / square_roots(accumulators[v]);
    }
    return total(fold(sums)) + epoch->learning_rate / __builtin_sqrtf(epoch->items.bias_accumulators[item]);
}

ALWAYS_INLINE void step_user(const Batch *batch, int64_t index, int32_t user, Step asked, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const int64_t offset = (int64_t)user * vectors * LANES;
    const Lanes *row = (const Lanes *)(epoch->users.embeddings + offset);
    const Lanes *positive = item_row(epoch, asked.positive, vectors);
    const Lanes *negative = item_row(epoch, asked.negative, vectors);
    Lanes *row_before = (Lanes *)(batch->user_rows + index * vectors * LANES);
    const float loss = asked.loss * batch->item_scale;
    Lanes rates = {0};
    for (int v = 0; v < vectors; v++) {
        Lanes gradient = loss * (negative[v] - positive[v]);
        row_before[v] = row[v];
        rates += step(epoch, &epoch->users, offset + v * LANES, gradient, penalty);
    }
    float bias_rate = step_bias(epoch, &epoch->users, user, asked.loss, penalty);
    if (penalty) {
        float sum = total(fold(rates)) + bias_rate;
        sum += item_rates(epoch, asked.positive, vectors);
        sum += item_rates(epoch, asked.negative, vectors);
        batch->rates[index] = sum / (float)(3 * (epoch->components + 1));
    }
}

ALWAYS_INLINE void step_item(const Batch *batch, int64_t index, int32_t item, float loss, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const int64_t offset = (int64_t)item * vectors * LANES;
    const Lanes *user = (const Lanes *)(batch->user_rows + index * vectors * LANES);
    for (int v = 0; v < vectors; v++) {
        Lanes gradient = loss * batch->user_scale * user[v];
        step(epoch, &epoch->items, offset + v * LANES, gradient, penalty);
    }
    step_bias(epoch, &epoch->items, item, loss, penalty);
}

/* What an example will need, as far as it is known. */
ALWAYS_INLINE void prefetch_example(const Epoch *epoch, Example example, int vectors) {
    const int64_t user = (int64_t)example.user * vectors * LANES;
    prefetch(epoch->users.embeddings + user, vectors);
    prefetch(epoch->users.accumulators + user, vectors);
    prefetch((const float *)item_row(epoch, example.item, vectors), vectors);
    __builtin_prefetch(epoch->positives + epoch->row_starts[example.user]);
}

ALWAYS_INLINE void learn(const Batch *batch, int64_t start, int64_t stop, Counts *counts, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    struct {
        uint64_t key;
        int32_t items[4];       /* the first draws */
    } ahead[AHEAD] = {{0}};
    Counts counted = {0, 0};
    for (int64_t next = start; next < stop + AHEAD; next++) {
        int64_t now = next - AHEAD;
        if (now >= start) {
            Example example = batch->order->examples[now];
            uint64_t key = ahead[now % AHEAD].key;
            int32_t *items = ahead[now % AHEAD].items;
            Negative negative = epoch->loss == WARP ? find_violation(batch, example, key, items, vectors)
                                                    : find_unliked(batch, example, key, items[0], vectors);
            float loss = batch->order->weights ? negative.loss * batch->order->weights[now] : negative.loss;
            if (epoch->loss == WARP && loss > MAX_WARP_LOSS) {
                loss = MAX_WARP_LOSS;
            }
            Step asked = {example.item, negative.item, loss};
            batch->steps[now - batch->start] = asked;
            counted.draws += negative.draws;
            if (negative.item != NONE) {
                counted.violations++;
                step_user(batch, now - batch->start, example.user, asked, penalty, vectors);
            }
        }
        if (next < stop) {
            uint64_t key = random_bits(batch->key, (uint64_t)next);
            int32_t *items = ahead[next % AHEAD].items;
            ahead[next % AHEAD].key = key;
            prefetch_example(epoch, batch->order->examples[next], vectors);
            if (epoch->loss == WARP) {
                draw_four(epoch, key, 0, items);
            } else {
                items[0] = draw_liked(epoch, key, 0);
            }
            for (int n = 0; n < (epoch->loss == WARP ? 4 : 1); n++) {
                prefetch((const float *)item_row(epoch, items[n], vectors), vectors);
            }
        }
    }
    counts->draws += counted.draws;
    counts->violations += counted.violations;
}

ALWAYS_INLINE void apply(const Batch *batch, int32_t first, int32_t last, bool penalty, int vectors) {
    const Epoch *epoch = batch->epoch;
    const int64_t size = batch->stop - batch->start;
    for (int64_t now = -AHEAD; now < size; now++) {
        if (now + AHEAD < size) {
            Step next = batch->steps[now + AHEAD];
            int32_t items[2] = {next.positive, next.negative};
            for (int n = 0; n < 2; n++) {
                if (next.negative != NONE && items[n] >= first && items[n] < last) {
                    prefetch((const float *)item_row(epoch, items[n], vectors), vectors);
                    prefetch(epoch->items.accumulators + (int64_t)items[n] * vectors * LANES, vectors);
                }
            }
        }
        if (now < 0 || batch->steps[now].negative == NONE) {
            continue;
        }
        Step asked = batch->steps[now];
        if (asked.positive >= first && asked.positive < last) {
            step_item(batch, now, asked.positive, -asked.loss, penalty, vectors);
        }
        if (asked.negative >= first && asked.negative < last) {
            step_item(batch, now, asked.negative, asked.loss, penalty, vectors);
        }
    }
}

/* The same code for each instruction set, and within it for the usual row lengths, whose loops are then unrolled. */
#define SPECIALISE(FUNCTION, VECTORS, PENALTY, ...) \
    switch (PENALTY ? 0 : VECTORS) { \
    case 0: FUNCTION(__VA_ARGS__, true, VECTORS); break; \
    case 1: FUNCTION(__VA_ARGS__, false, 1); break; \
    case 2: FUNCTION(__VA_ARGS__, false, 2); break; \
    case 4: FUNCTION(__VA_ARGS__, false, 4); break; \
    default: FUNCTION(__VA_ARGS__, false, VECTORS); \
    }
#define COMPILE(NAME, TARGET) \
    TARGET static void learn_##NAME(const Batch *batch, int64_t start, int64_t stop, Counts *counts) { \
        SPECIALISE(learn, batch->epoch->row_length / LANES, batch->rates, batch, start, stop, counts) \
    } \
    TARGET static void apply_##NAME(const Batch *batch, int32_t first, int32_t last) { \
        SPECIALISE(apply, batch->epoch->row_length / LANES, batch->rates, batch, first, last) \
    }

COMPILE(baseline, )
#ifdef __x86_64__
COMPILE(avx2, __attribute__((target("avx2"))))
COMPILE(avx512, __attribute__((target("avx2,avx512f,avx512dq,avx512vl"))))
#endif

static const Kernel kernels[] = {
    {learn_baseline, apply_baseline},
#ifdef __x86_64__
    {learn_avx2, apply_avx2},
    {learn_avx512, apply_avx512},
#endif
};

Kernel kernel_for(int32_t instruction_set) {
    return kernels[instruction_set];
}

const char *const *instruction_sets(void) {
#ifdef __x86_64__
    static const char *const names[][4] = {
        {"baseline", NULL}, {"baseline", "avx2", NULL}, {"baseline", "avx2", "avx512", NULL}};
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
                  && __builtin_cpu_supports("avx512vl");
    return names[avx512 ? 2 : avx2 ? 1 : 0];
#else
    static const char *const names[] = {"baseline", NULL};
    return names;
#endif
}
