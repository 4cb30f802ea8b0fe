#include "epoch.h"

#include <fenv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "barrier.h"
#include "kernel.h"
#include "order.h"
#include "random.h"

#define CHUNK 64                /* the examples that a thread takes at a time */
#define MAX_SCALE 1e6           /* as in LightFM */

/* What the threads share. What is not atomic is written by one of them, the leader, while no other reads it. */
typedef struct {
    Epoch epoch;
    Interruption interruption;
    Kernel kernel;
    Barrier barrier;
    pthread_mutex_t gate;       /* held until it is known how many threads there are */
    Order order;
    Batch common;               /* what all batches have in common; the rest is not set */
    double user_scale, item_scale;
    atomic_llong untaken;       /* the batch's first example that no thread has taken */
    Outcome outcome;
} Shared;

typedef struct {
    Shared *shared;
    int32_t index;              /* 0: the leader, which is the calling thread */
    Counts counts;
    pthread_t handle;
} Thread;

/* The sizes of the batches are known by now, so the leader can get the memory that the largest needs. */
static void prepare(Shared *shared) {
    const Epoch *epoch = &shared->epoch;
    order_add_up(&shared->order, epoch);
    size_t largest = (size_t)order_largest_batch(&shared->order, epoch);
    size_t rows = largest * (size_t)epoch->method.row_length * sizeof(float);
    bool histories = epoch->histories.weights;
    Batch *batch = &shared->common;
    bool scales_grow = batch->penalty && !histories;
    batch->pairs = malloc(largest * sizeof *batch->pairs);
    batch->users_before = aligned_alloc(64, rows);
    batch->mean_rates = scales_grow ? malloc(largest * sizeof *batch->mean_rates) : NULL;
    batch->sums = histories ? aligned_alloc(64, rows) : NULL;
    batch->steps = histories ? aligned_alloc(64, rows) : NULL;
    batch->gradients = histories ? aligned_alloc(64, rows) : NULL;
    if (!batch->pairs || !batch->users_before || (scales_grow && !batch->mean_rates)
        || (histories && (!batch->sums || !batch->steps || !batch->gradients))) {
        shared->outcome = EPOCH_NO_MEMORY;
    }
    atomic_store(&shared->untaken, shared->order.batch_starts[0]);
}

/* The first example from `position` on whose user is not that of the example before it. */
static int64_t next_user(const Batch *batch, int64_t position) {
    const Example *examples = batch->order->examples;
    if (position >= batch->stop) {
        return batch->stop;
    }
    while (position > batch->start && position < batch->stop &&
           examples[position].user == examples[position - 1].user) {
        position++;
    }
    return position;
}

/* Take chunks until none is left. A chunk is moved to where users begin and end, so that no two threads share a user. */
static void learn(Shared *shared, const Batch *batch, Counts *counts) {
    for (;;) {
        int64_t taken = atomic_fetch_add_explicit(&shared->untaken, CHUNK, memory_order_relaxed);
        if (taken >= batch->stop) {
            return;
        }
        int64_t start = next_user(batch, taken), stop = next_user(batch, taken + CHUNK);
        if (start < stop) {
            shared->kernel.learn(batch, start, stop, counts);
        }
    }
}

/* LightFM's lazy penalty, see README.md, "L2 penalty". */
static void grow_scales(Shared *shared, const Batch *batch) {
    for (int64_t i = 0; batch->mean_rates && i < batch->stop - batch->start; i++) {
        if (batch->pairs[i].negative != NONE) {
            shared->user_scale *= 1 + shared->epoch.method.user_alpha * (double)batch->mean_rates[i];
            shared->item_scale *= 1 + shared->epoch.method.item_alpha * (double)batch->mean_rates[i];
        }
    }
}

static void divide_share(const Thread *thread, const Rows *rows, double scale) {
    const int32_t threads = thread->shared->epoch.machine.threads;
    const int64_t length = thread->shared->epoch.method.row_length;
    const int64_t stop = share_start(rows->count, thread->index + 1, threads);
    for (int64_t i = share_start(rows->count, thread->index, threads); i < stop; i++) {
        for (int64_t k = 0; k < length; k++) {
            rows->embeddings[i * length + k] = (float)((double)rows->embeddings[i * length + k] / scale);
        }
        rows->biases[i] = (float)((double)rows->biases[i] / scale);
    }
}

/* To be called by all threads, between two barriers. The leader sets the scales back when all have read them. */
static void divide_by_scales(Thread *thread) {
    Shared *shared = thread->shared;
    divide_share(thread, &shared->epoch.users, shared->user_scale);
    divide_share(thread, &shared->epoch.items, shared->item_scale);
    barrier_wait(&shared->barrier);
    if (thread->index == 0) {
        shared->user_scale = shared->item_scale = 1;
    }
    barrier_wait(&shared->barrier);
}

/* What each thread does; README.md draws it. */
static void train(Thread *thread) {
    Shared *shared = thread->shared;
    const Epoch *epoch = &shared->epoch;
    const bool leads = thread->index == 0;
    const int32_t first_item = (int32_t)share_start(epoch->items.count, thread->index, epoch->machine.threads);
    const int32_t end_item = (int32_t)share_start(epoch->items.count, thread->index + 1, epoch->machine.threads);

    order_count(&shared->order, epoch, thread->index);
    barrier_wait(&shared->barrier);
    if (leads) {
        prepare(shared);
    }
    barrier_wait(&shared->barrier);
    if (shared->outcome != EPOCH_DONE) {
        return;
    }
    order_place(&shared->order, epoch, thread->index);
    for (int64_t number = 0; number < epoch->method.batches; number++) {
        barrier_wait(&shared->barrier);     /* all items are up to date */
        if (shared->outcome != EPOCH_DONE) {
            return;
        }
        if (shared->user_scale > MAX_SCALE || shared->item_scale > MAX_SCALE) {
            divide_by_scales(thread);
        }
        Batch batch = shared->common;
        batch.start = shared->order.batch_starts[number];
        batch.stop = shared->order.batch_starts[number + 1];
        batch.user_scale = (float)shared->user_scale;
        batch.item_scale = (float)shared->item_scale;
        batch.score_scale = (float)(shared->user_scale * shared->item_scale);
        learn(shared, &batch, &thread->counts);
        barrier_wait(&shared->barrier);     /* all pairs are known */
        shared->kernel.apply(&batch, first_item, end_item);
        if (leads) {
            grow_scales(shared, &batch);
            atomic_store(&shared->untaken, batch.stop);
            if (shared->interruption.wanted && shared->interruption.wanted(shared->interruption.context)) {
                shared->outcome = EPOCH_INTERRUPTED;
            }
        }
    }
    barrier_wait(&shared->barrier);
    if (shared->common.mean_rates) {
        divide_by_scales(thread);
    }
}

static void *thread_main(void *argument) {
    Thread *thread = argument;
    fenv_t callers;
    pthread_mutex_lock(&thread->shared->gate);
    pthread_mutex_unlock(&thread->shared->gate);
    /* Another library may have changed the rounding, or (with -ffast-math) made the smallest numbers zero. */
    fegetenv(&callers);
    fesetenv(FE_DFL_ENV);
    train(thread);
    fesetenv(&callers);
    return NULL;
}

/* Train on as many threads as the system gives: the result is the same on fewer. */
static void run_threads(Shared *shared, Thread *threads, Counts *counts) {
    int32_t started = 1;
    pthread_mutex_lock(&shared->gate);
    threads[0].shared = shared;
    for (; started < shared->epoch.machine.threads; started++) {
        threads[started].shared = shared;
        threads[started].index = started;
        if (pthread_create(&threads[started].handle, NULL, thread_main, &threads[started]) != 0) {
            break;
        }
    }
    shared->epoch.machine.threads = started;
    barrier_init(&shared->barrier, started);
    pthread_mutex_unlock(&shared->gate);
    thread_main(&threads[0]);
    for (int32_t t = 0; t < started; t++) {
        if (t > 0) {
            pthread_join(threads[t].handle, NULL);
        }
        counts->violations += threads[t].counts.violations;
        counts->draws += threads[t].counts.draws;
    }
    barrier_destroy(&shared->barrier);
    pthread_mutex_destroy(&shared->gate);
}

Outcome run_epoch(const Epoch *epoch, Interruption interruption, Counts *counts) {
    Thread *threads = calloc((size_t)epoch->machine.threads, sizeof *threads);
    Shared shared = {
        .epoch = *epoch,
        .interruption = interruption,
        .kernel = kernel_for(epoch->machine.instruction_set, epoch->histories.weights),
        .gate = PTHREAD_MUTEX_INITIALIZER,
        .user_scale = 1,
        .item_scale = 1,
    };
    shared.common.epoch = &shared.epoch;
    shared.common.order = &shared.order;
    shared.common.items_inverse = (UINT64_C(1) << 48) / (uint64_t)epoch->items.count;
    shared.common.draw_key = random_bits(random_bits(epoch->method.seed, epoch->number), 1);
    shared.common.dropout_key = random_bits(random_bits(epoch->method.seed, epoch->number), 2);
    shared.common.penalty = epoch->method.user_alpha != 0 || epoch->method.item_alpha != 0;
    /* Beside a scale, rows grow; without one, they shrink. */
    shared.common.item_growth = epoch->histories.weights ? -epoch->method.item_alpha : epoch->method.item_alpha;
    if (threads && order_allocate(&shared.order, epoch)) {
        run_threads(&shared, threads, counts);
    } else {
        shared.outcome = EPOCH_NO_MEMORY;
    }
    order_free(&shared.order);
    free(shared.common.pairs);
    free(shared.common.users_before);
    free(shared.common.mean_rates);
    free(shared.common.sums);
    free(shared.common.steps);
    free(shared.common.gradients);
    free(threads);
    return shared.outcome;
}
