#include "common.h"

#include <stdlib.h>
#include <string.h>

#include "kernel.h"

void count_common(double *tiles, const Pairs *by_item, const Pairs *by_user, int64_t start, int64_t stop) {
    for (int64_t i = start; i < stop; i++) {
        double *row_of_tiles = tiles + i * (i + 1) / 2 * TILE * TILE;
        memset(row_of_tiles, 0, (size_t)(i + 1) * TILE * TILE * sizeof *tiles);
        for (int64_t item = i * TILE; item < (i + 1) * TILE && item < by_item->rows; item++) {
            double *row = row_of_tiles + item % TILE * TILE;
            for (int64_t n = by_item->starts[item]; n < by_item->starts[item + 1]; n++) {
                const int64_t user = by_item->columns[n], end = by_user->starts[user + 1];
                for (int64_t m = by_user->starts[user]; m < end && by_user->columns[m] <= item; m++) {
                    const int32_t other = by_user->columns[m];
                    row[other / TILE * (TILE * TILE) + other % TILE] += 1;
                }
            }
        }
    }
}

/* A similarity and its item in one number, which is greater for a greater similarity and, of equal ones, a lower item:
   the bits of floats that are not negative sort like the floats. */
static inline uint64_t packed(float value, int32_t item) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint64_t)bits << 32 | (UINT32_MAX - (uint32_t)item);
}

static inline void swap(uint64_t *a, uint64_t *b) {
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

/* Bring the `first` largest of some keys, which all differ, to the front (Hoare's selection). */
static void select_largest(uint64_t *keys, int64_t count, int64_t first) {
    int64_t low = 0, high = count - 1;
    while (low < high) {
        uint64_t *middle = &keys[low + (high - low) / 2];
        if (*middle > keys[low]) {
            swap(middle, &keys[low]);
        }
        if (keys[high] > keys[low]) {
            swap(&keys[high], &keys[low]);
        }
        if (keys[high] > *middle) {
            swap(&keys[high], middle);
        }
        const uint64_t pivot = *middle;     /* the median of three */
        int64_t i = low, j = high;
        while (i <= j) {
            while (keys[i] > pivot) {
                i++;
            }
            while (keys[j] < pivot) {
                j--;
            }
            if (i <= j) {
                swap(&keys[i++], &keys[j--]);
            }
        }
        if (first - 1 <= j) {
            high = j;
        } else if (first - 1 >= i) {
            low = i;
        } else {
            return;
        }
    }
}

static int by_item_ascending(const void *a, const void *b) {
    const uint32_t one = (uint32_t)*(const uint64_t *)a, other = (uint32_t)*(const uint64_t *)b;
    return (one < other) - (one > other);   /* a key holds the item upside down */
}

/* Add up what an item has in common with others, and list those; itself is among them. */
static int64_t add_common(double *sums, int32_t *others, const Pairs *by_item, const Pairs *by_user,
                          const double *user_weights, int64_t item) {
    int64_t count = 0;
    for (int64_t n = by_item->starts[item]; n < by_item->starts[item + 1]; n++) {
        const int64_t user = by_item->columns[n], end = by_user->starts[user + 1];
        const double weight = user_weights[user];
        for (int64_t m = by_user->starts[user]; m < end; m++) {
            const int32_t other = by_user->columns[m];
            others[count] = other;
            count += sums[other] < 0;       /* not met before */
            sums[other] = (sums[other] < 0 ? 0 : sums[other]) + weight;
        }
    }
    return count;
}

bool find_similar(const Pairs *by_item, const Pairs *by_user, const Similarity *similarity, int64_t start, int64_t stop,
                  const Lists *lists) {
    const int64_t items = by_item->rows;
    double *sums = malloc((size_t)items * sizeof *sums);
    int32_t *others = malloc((size_t)(items + 1) * sizeof *others);
    uint64_t *keys = malloc((size_t)items * sizeof *keys);
    const bool there = sums && others && keys;
    for (int64_t item = 0; there && item < items; item++) {
        sums[item] = -1;
    }
    for (int64_t item = start; there && item < stop; item++) {
        const double factor = similarity->row_factors[item];
        const int64_t met = add_common(sums, others, by_item, by_user, similarity->user_weights, item);
        int64_t count = 0;
        for (int64_t n = 0; n < met; n++) {
            const int32_t other = others[n];
            const double divisor = similarity->column_factors[other] + similarity->shrinkage / factor;
            const float value = (float)(sums[other] / factor / divisor);
            sums[other] = -1;
            if (other != item && value > 0) {
                keys[count++] = packed(value, other);
            }
        }
        if (count > similarity->neighbours) {
            select_largest(keys, count, similarity->neighbours);
            count = similarity->neighbours;
        }
        qsort(keys, (size_t)count, sizeof *keys, by_item_ascending);
        lists->counts[item - start] = count;
        for (int64_t n = 0; n < count; n++) {
            const uint32_t bits = (uint32_t)(keys[n] >> 32);
            const int64_t place = (item - start) * similarity->neighbours + n;
            lists->items[place] = (int32_t)(UINT32_MAX - (uint32_t)keys[n]);
            memcpy(&lists->values[place], &bits, sizeof bits);
        }
    }
    free(sums);
    free(others);
    free(keys);
    return there;
}
