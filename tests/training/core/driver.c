/* Trains small models without Python, for the sanitizers: all losses, weights, penalties and instruction sets, with more
   threads than most machines have cores; and the same with histories. Unless one of these changes a model that it must
   not, prints a digest of all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "epoch.h"
#include "random.h"

enum { USERS = 60, ITEMS = 50, BATCHES = 4, EPOCHS = 2, MAX_SAMPLED = 10 };     /* a batch is more than a chunk */

static int64_t row_starts[USERS + 1];
static int32_t positives[USERS * ITEMS];
static float weights[USERS * ITEMS], rank_losses[MAX_SAMPLED], history_weights[USERS];
static int32_t visits[USERS];

/* Every array is a block of its own, so that an access beside it is seen. */
static float *filled(int64_t count, float value) {
    float *array = aligned_alloc(64, (size_t)(count + 15) / 16 * 16 * sizeof *array);
    for (int64_t i = 0; i < count; i++) {
        array[i] = value;
    }
    return array;
}

static Rows drawn(int64_t count, const Method *method, uint64_t key) {
    const int32_t row_length = method->row_length, no_components = method->no_components;
    Rows rows = {
        .count = count,
        .embeddings = filled(count * row_length, 0),
        .accumulators = filled(count * row_length, INFINITY),
        .biases = filled(count, 0),
        .bias_accumulators = filled(count, 1),
    };
    for (int64_t i = 0; i < count; i++) {
        for (int32_t k = 0; k < no_components; k++) {
            uint64_t bits = random_bits(key, (uint64_t)(i * no_components + k));
            rows.embeddings[i * row_length + k] = (float)(bits >> 40) / 0x1p24f - 0.5f;
            rows.accumulators[i * row_length + k] = 1;
        }
    }
    return rows;
}

static void release(Rows *rows) {
    free(rows->embeddings);
    free(rows->accumulators);
    free(rows->biases);
    free(rows->bias_accumulators);
}

static uint64_t digest(uint64_t state, const float *array, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &array[i], sizeof bits);
        state = random_bits(state, bits);
    }
    return state;
}

/* Draw the items' rows, and the users' or, with histories, the sources': returns the latter. */
static Rows *draw_rows(Epoch *epoch) {
    Rows *learned = epoch->histories.weights ? &epoch->histories.sources : &epoch->users;
    epoch->method.row_length = (epoch->method.no_components + LANES - 1) / LANES * LANES;
    epoch->users.count = USERS;
    *learned = drawn(epoch->histories.weights ? ITEMS : USERS, &epoch->method, 1);
    epoch->items = drawn(ITEMS, &epoch->method, 2);
    return learned;
}

static uint64_t trained(Epoch epoch) {
    Rows *learned = draw_rows(&epoch);
    Counts counts = {0, 0};
    for (epoch.number = 0; epoch.number < EPOCHS; epoch.number++) {
        if (run_epoch(&epoch, (Interruption){NULL, NULL}, &counts) != EPOCH_DONE) {
            abort();
        }
    }
    uint64_t state = digest((uint64_t)counts.draws, learned->embeddings, learned->count * epoch.method.row_length);
    state = digest(state, epoch.items.embeddings, ITEMS * (int64_t)epoch.method.row_length);
    state = digest(state, epoch.items.biases, ITEMS);
    release(learned);
    release(&epoch.items);
    return state;
}

static void make_data(void) {
    int64_t count = 0;
    for (int64_t user = 0; user < USERS; user++) {
        row_starts[user] = count;
        for (int32_t item = 0; item < ITEMS; item++) {
            uint64_t bits = random_bits(3, (uint64_t)(user * ITEMS + item));
            if (user == 7 || (user % 10 != 0 && bits % 8 == 0)) {      /* one likes everything, some like nothing */
                positives[count] = item;
                weights[count++] = (float)(bits >> 60) + 0.5f;
            }
        }
    }
    row_starts[USERS] = count;
    for (int user = 0; user < USERS; user++) {
        int64_t others = row_starts[user + 1] - row_starts[user] - 1;
        history_weights[user] = others > 0 ? 4.0f / (float)others : 0;
        visits[user] = 1 + user % 3;
    }
    for (int draw = 0; draw < MAX_SAMPLED; draw++) {
        rank_losses[draw] = 4.0f / (float)(draw + 1);
    }
}

static bool stop(void *calls) {
    return --*(int *)calls == 0;
}

static bool stops_when_asked(Epoch epoch) {
    int calls = 3;
    Counts counts = {0, 0};
    epoch.method.no_components = LANES;
    epoch.machine.threads = 4;
    Rows *learned = draw_rows(&epoch);
    Outcome outcome = run_epoch(&epoch, (Interruption){stop, &calls}, &counts);
    release(learned);
    release(&epoch.items);
    return outcome == EPOCH_INTERRUPTED && calls == 0;
}

/* Train with all numbers of threads and instruction sets; false: they give different models. */
static bool all_the_same(Epoch epoch, uint64_t *all) {
    static const int32_t threads[] = {2, 5};
    epoch.machine = (Machine){.threads = 1, .instruction_set = 0};
    uint64_t expected = trained(epoch);
    *all = random_bits(*all, expected);
    for (int32_t set = 0; instruction_sets()[set]; set++) {
        for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
            epoch.machine = (Machine){.threads = threads[t], .instruction_set = set};
            if (trained(epoch) != expected) {
                printf("%d components, %s: another model\n", epoch.method.no_components, instruction_sets()[set]);
                return false;
            }
        }
    }
    return true;
}

int main(void) {
    static const int32_t components[] = {10, 32, 64, 100};
    uint64_t all[2] = {0, 0};
    make_data();
    Epoch epoch = {
        .positives = {.count = row_starts[USERS], .row_starts = row_starts, .items = positives},
        .method = {.learning_rate = 0.05f, .max_sampled = MAX_SAMPLED, .rank_losses = rank_losses, .batches = BATCHES,
                   .seed = 42},
    };
    for (int variant = 0; variant < 16; variant++) {
        const bool histories = variant & 8;
        epoch.method.loss = variant & 1 && !histories ? BPR : WARP;
        epoch.positives.weights = variant & 2 ? weights : NULL;
        epoch.method.user_alpha = epoch.method.item_alpha = variant & 4 ? 0.1 : 0;
        epoch.histories = (Histories){.weights = histories ? history_weights : NULL, .visits = visits,
                                      .dropout = variant & 1 ? UINT32_MAX / 3 : 0};
        for (size_t c = 0; c < sizeof components / sizeof *components; c++) {
            epoch.method.no_components = components[c];
            if (!all_the_same(epoch, &all[histories])) {
                printf("variant %d\n", variant);
                return 1;
            }
        }
        if (!stops_when_asked(epoch)) {
            puts("it does not stop when asked");
            return 1;
        }
    }
    printf("same: %016llx\n", (unsigned long long)all[0]);
    printf("same, histories: %016llx\n", (unsigned long long)all[1]);
    return 0;
}
