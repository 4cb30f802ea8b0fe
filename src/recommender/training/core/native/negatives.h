/* The search for the negative that an example learns from. Included by kernel.c alone, which compiles it for each
   instruction set. */
#ifndef RECOMMENDER_NEGATIVES_H
#define RECOMMENDER_NEGATIVES_H

#include "kernel.h"
#include "lanes.h"
#include "random.h"

#define MAX_WARP_LOSS 10.0f     /* as in LightFM */
#define MAX_BPR_DRAWS 100       /* a user who likes them all learns nothing from the example */

typedef struct {
    int32_t item;               /* NONE: none was found */
    int32_t draws;
    float loss;
} Negative;

ALWAYS_INLINE const Lanes *item_row(const Epoch *epoch, int32_t item, int vectors) {
    return (const Lanes *)(epoch->items.embeddings + (int64_t)item * vectors * LANES);
}

/* Whether the user is known to like the item. As items are numbered at random, the item's place in the ascending row can
   be guessed to within a few: that is several times faster than a binary search, which waits for memory at each step. */
ALWAYS_INLINE bool is_positive(const Batch *batch, int32_t user, int32_t item) {
    const Epoch *epoch = batch->epoch;
    const int32_t *first = epoch->positives.items + epoch->positives.row_starts[user];
    const int32_t *end = epoch->positives.items + epoch->positives.row_starts[user + 1];
    uint64_t fraction = (uint64_t)item * batch->items_inverse >> 16;    /* item / items.count, times 2^32 */
    const int32_t *place = first + (fraction * (uint64_t)(end - first) >> 32);
    if (*place < item) {
        do {
            place++;
        } while (place < end && *place < item);
        return place < end && *place == item;
    }
    while (*place > item && place > first) {
        place--;
    }
    return *place == item;
}

/* The user's bias is left out: it is the same for all items, and scores of one user alone are compared. */
ALWAYS_INLINE float score(const Batch *batch, const Lanes *user, int32_t item, int vectors) {
    float dot = total(fold(dot_lanes(user, item_row(batch->epoch, item, vectors), vectors)));
    return batch->score_scale * dot + batch->item_scale * batch->epoch->items.biases[item];
}

/* Four scores at once, the same to the last bit, in less than twice the time of one. */
ALWAYS_INLINE Four scores(const Batch *batch, const Lanes *user, const int32_t items[4], int vectors) {
    Four dots[4];
    for (int n = 0; n < 4; n++) {
        dots[n] = fold(dot_lanes(user, item_row(batch->epoch, items[n], vectors), vectors));
    }
    const float *biases = batch->epoch->items.biases;
    Four bias = {biases[items[0]], biases[items[1]], biases[items[2]], biases[items[3]]};
    return batch->score_scale * totals(dots[0], dots[1], dots[2], dots[3]) + batch->item_scale * bias;
}

/* Four draws of WARP, from number 4 * round on; all items are equally likely. */
ALWAYS_INLINE void draw_four(const Epoch *epoch, uint64_t key, int32_t round, int32_t items[4]) {
    for (int n = 0; n < 2; n++) {
        uint64_t bits = random_bits(key, 2 * (uint64_t)round + (uint64_t)n);
        items[2 * n] = (int32_t)random_below((uint32_t)bits, (uint32_t)epoch->items.count);
        items[2 * n + 1] = (int32_t)random_below((uint32_t)(bits >> 32), (uint32_t)epoch->items.count);
    }
}

/* WARP: the first of max_sampled draws that is not a positive and scores above the example's item less a margin of 1. The
   sooner it is found, the lower that item must rank, and the larger the loss. `items` holds the first four draws. */
ALWAYS_INLINE Negative find_violation(const Batch *batch, const Lanes *user, Example example, uint64_t key,
                                      int32_t items[4], int vectors) {
    const Epoch *epoch = batch->epoch;
    float threshold = score(batch, user, example.item, vectors) - 1.0f;
    for (int32_t drawn = 0;;) {
        unsigned violating = greater(scores(batch, user, items, vectors), threshold);
        int32_t left = epoch->method.max_sampled - drawn;
        if (left < 4) {
            violating &= (1u << left) - 1;
        }
        for (; violating; violating &= violating - 1) {
            int n = __builtin_ctz(violating);
            if (!is_positive(batch, example.user, items[n])) {
                return (Negative){items[n], drawn + n + 1, epoch->method.rank_losses[drawn + n]};
            }
        }
        if (left <= 4) {
            return (Negative){NONE, epoch->method.max_sampled, 0};
        }
        drawn += 4;
        draw_four(epoch, key, drawn / 4, items);
    }
}

/* A draw of BPR; an item is as likely as it is liked. */
ALWAYS_INLINE int32_t draw_liked(const Epoch *epoch, uint64_t key, int32_t draw) {
    return epoch->positives.items[random_bits(key, (uint64_t)draw) % (uint64_t)epoch->positives.count];
}

/* BPR: the first draw that is not a positive. The more it is preferred to the example's item, the larger the loss.
   `item` is the first draw. */
ALWAYS_INLINE Negative find_unliked(const Batch *batch, const Lanes *user, Example example, uint64_t key, int32_t item,
                                    int vectors) {
    const Epoch *epoch = batch->epoch;
    for (int32_t draw = 0; draw < MAX_BPR_DRAWS; draw++, item = draw_liked(epoch, key, draw)) {
        if (!is_positive(batch, example.user, item)) {
            float lead = score(batch, user, example.item, vectors) - score(batch, user, item, vectors);
            return (Negative){item, draw + 1, sigmoid(-lead)};
        }
    }
    return (Negative){NONE, MAX_BPR_DRAWS, 0};
}

#endif
