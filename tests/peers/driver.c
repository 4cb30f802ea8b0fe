/* Runs the solvers without Python, for the sanitizers, with every instruction set. Unless one of these changes a result,
   which it must not, prints a digest of all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "kernel.h"

enum { USERS = 40, ITEMS = TILE + 20, TILES = 2, LENGTH = 48, NEIGHBOURS = 5 };

static int64_t user_starts[USERS + 1], item_starts[ITEMS + 1];
static int32_t items[USERS * ITEMS], users[USERS * ITEMS];

static uint64_t mixed(uint64_t state, uint64_t bits) {
    state = (state ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
    return state ^ state >> 29;
}

static uint64_t digest(uint64_t state, const void *array, size_t bytes) {
    const unsigned char *values = array;
    for (size_t i = 0; i < bytes; i++) {
        state = mixed(state, values[i]);
    }
    return state;
}

/* Every array is a block of its own, so that an access beside it is seen. */
static double *room(int64_t count) {
    return malloc((size_t)count * sizeof(double));
}

static void make_data(void) {
    int64_t count = 0, other = 0;
    for (int64_t user = 0; user < USERS; user++) {
        for (int32_t item = 0; item < ITEMS; item++) {
            if (user == 7 || (user % 10 != 0 && mixed((uint64_t)user, (uint64_t)item) % 8 == 0)) {
                items[count++] = item;      /* one has everything, some have nothing */
            }
        }
        user_starts[user + 1] = count;
    }
    for (int32_t item = 0; item < ITEMS; item++) {
        for (int32_t user = 0; user < USERS; user++) {
            for (int64_t n = user_starts[user]; n < user_starts[user + 1]; n++) {
                if (items[n] == item) {
                    users[other++] = user;
                }
            }
        }
        item_starts[item + 1] = other;
    }
}

static uint64_t inverted(Kernel kernel, const Pairs *by_item, const Pairs *by_user) {
    const int64_t size = TILE * TILE;
    Sweep sweep = {TILES, room(3 * size), room(size), room(TILES * size), room(TILES * size)};
    count_common(sweep.tiles, by_item, by_user, 0, TILES);
    for (int64_t n = 0; n < TILES * TILE; n++) {
        const int64_t i = n / TILE;
        sweep.tiles[(i * (i + 1) / 2 + i) * size + n % TILE * (TILE + 1)] += 2;
    }
    for (int64_t k = 0; k < TILES; k++) {
        if (!kernel.sweep_pivot(&sweep, k)) {
            abort();
        }
        for (int64_t i = 0; i < TILES; i++) {
            kernel.sweep_columns(&sweep, k, i);
        }
        for (int64_t i = 0; i < TILES; i++) {
            kernel.sweep_row(&sweep, k, i);
        }
    }
    const uint64_t state = digest(1, sweep.tiles, (size_t)(3 * size) * sizeof(double));
    free(sweep.tiles);
    free(sweep.inverse);
    free(sweep.columns);
    free(sweep.negated);
    return state;
}

static uint64_t solved(Kernel kernel, const Pairs *by_user) {
    double *factors = room(ITEMS * LENGTH), *gram = room(LENGTH * LENGTH), *penalties = room(USERS);
    double *rows = room(USERS * LENGTH), *scratch = room((LENGTH + GATHERED) * LENGTH);
    for (int64_t n = 0; n < ITEMS * LENGTH; n++) {
        factors[n] = (double)(mixed(5, (uint64_t)n) >> 40) / 0x1p24 - 0.5;
    }
    memset(gram, 0, LENGTH * LENGTH * sizeof *gram);
    kernel.add_gram(gram, factors, ITEMS, LENGTH);
    for (int64_t user = 0; user < USERS; user++) {
        penalties[user] = 0.1;
    }
    const Squares squares = {LENGTH, by_user->starts, by_user->columns, factors, gram, penalties, rows, scratch};
    if (!kernel.solve_rows(&squares, 0, USERS)) {
        abort();
    }
    const uint64_t state = digest(2, rows, USERS * LENGTH * sizeof *rows);
    free(factors);
    free(gram);
    free(penalties);
    free(rows);
    free(scratch);
    return state;
}

static uint64_t similar(const Pairs *by_item, const Pairs *by_user, int64_t neighbours) {
    double *weights = room(USERS), *factors = room(ITEMS);
    Lists lists = {calloc((size_t)(ITEMS * neighbours), sizeof(int32_t)),
                   calloc((size_t)(ITEMS * neighbours), sizeof(float)), calloc(ITEMS, sizeof(int64_t))};
    for (int64_t user = 0; user < USERS; user++) {
        weights[user] = 1.0 / (double)(user + 1);
    }
    for (int64_t item = 0; item < ITEMS; item++) {
        factors[item] = (double)(item % 7 + 1);
    }
    const Similarity similarity = {weights, factors, factors, 0.5, neighbours};
    if (!find_similar(by_item, by_user, &similarity, 0, ITEMS, &lists)) {
        abort();
    }
    uint64_t state = digest(3, lists.items, (size_t)(ITEMS * neighbours) * sizeof *lists.items);
    state = digest(state, lists.values, (size_t)(ITEMS * neighbours) * sizeof *lists.values);
    free(weights);
    free(factors);
    free(lists.items);
    free(lists.values);
    free(lists.counts);
    return state;
}

int main(void) {
    make_data();
    const Pairs by_item = {ITEMS, item_starts, users}, by_user = {USERS, user_starts, items};
    uint64_t first = 0;
    for (int32_t set = 0; instruction_sets()[set]; set++) {
        const Kernel kernel = kernel_for(set);
        uint64_t found = mixed(inverted(kernel, &by_item, &by_user), solved(kernel, &by_user));
        found = mixed(found, similar(&by_item, &by_user, NEIGHBOURS));
        found = mixed(found, similar(&by_item, &by_user, ITEMS));
        if (set == 0) {
            first = found;
        } else if (found != first) {
            printf("%s: another result\n", instruction_sets()[set]);
        }
    }
    printf("same: %016llx\n", (unsigned long long)first);
    return 0;
}
