#include "epoch.h"

#include <fenv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "barrier.h"
#include "kernel.h"
#include "order.h"
#include "random.h"

#define CHUNK 64                /* so many examples a thread takes at a time */
#define MAX_SCALE 1e6           /* as in LightFM */

/* What the threads share. One of them, the leader, writes what is not atomic, when the others cannot read it. */
typedef struct {
    Epoch epoch;
    Kernel kernel;
    Barrier barrier;
    pthread_mutex_t gate;       /* held until it is known how many threads there are */
    Order order;
    Batch batch;                /* what is the same for all batches */
    double user_scale, item_scale;
    atomic_llong untaken;       /* the batch's first example that no thread has taken */
    Outcome outcome;
} Run;

typedef struct {
    Run *run;
    int32_t index;              /* 0: the leader, which is the calling thread */
    Counts counts;
    pthread_t handle;
} Thread;

static int64_t share_of(int64_t count, const Thread *thread, int32_t next) {
    return count * (thread->index + next) / thread->run->epoch.threads;
}

/* Batches are known by now, so the leader can get the memory that one needs. */
static void prepare(Run *run) {
    order_add_up(&run->order, &run->epoch);
    size_t largest = (size_t)order_largest_batch(&run->order, &run->epoch);
    bool penalty = run->epoch.users.alpha != 0 || run->epoch.items.alpha != 0;
    Batch *batch = &run->batch;
    batch->steps = malloc(largest * sizeof *batch->steps);
    batch->user_rows = aligned_alloc(64, largest * (size_t)run->epoch.row_length * sizeof(float));
    batch->rates = penalty ? malloc(largest * sizeof *batch->rates) : NULL;
    if (!batch->steps || !batch->user_rows || (penalty && !batch->rates)) {
        run->outcome = EPOCH_NO_MEMORY;
    }
    atomic_store(&run->untaken, run->order.batch_starts[0]);
}

/* The first example from `position` on that belongs to another user than the one before it. */
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

static void learn(Run *run, const Batch *batch, Counts *counts) {
    for (;;) {
        int64_t taken = atomic_fetch_add_explicit(&run->untaken, CHUNK, memory_order_relaxed);
        if (taken >= batch->stop) {
            return;
        }
        int64_t start = next_user(batch, taken), stop = next_user(batch, taken + CHUNK);
        if (start < stop) {
            run->kernel.learn(batch, start, stop, counts);
        }
    }
}

/* LightFM's lazy penalty, see README.md, "L2 penalty". */
static void grow_scales(Run *run, const Batch *batch) {
    for (int64_t i = 0; batch->rates && i < batch->stop - batch->start; i++) {
        if (batch->steps[i].negative != NONE) {
            run->user_scale *= 1 + run->epoch.users.alpha * (double)batch->rates[i];
            run->item_scale *= 1 + run->epoch.items.alpha * (double)batch->rates[i];
        }
    }
}

static void divide(const Thread *thread, const Side *side, double scale) {
    const int64_t length = thread->run->epoch.row_length;
    for (int64_t i = share_of(side->count, thread, 0); i < share_of(side->count, thread, 1); i++) {
        for (int64_t k = 0; k < length; k++) {
            side->embeddings[i * length + k] = (float)((double)side->embeddings[i * length + k] / scale);
        }
        side->biases[i] = (float)((double)side->biases[i] / scale);
    }
}

/* Between two barriers. The leader sets the scales back when all have read them. */
static void apply_scales(Thread *thread) {
    Run *run = thread->run;
    divide(thread, &run->epoch.users, run->user_scale);
    divide(thread, &run->epoch.items, run->item_scale);
    barrier_wait(&run->barrier);
    if (thread->index == 0) {
        run->user_scale = run->item_scale = 1;
    }
    barrier_wait(&run->barrier);
}

static void train(Thread *thread) {
    Run *run = thread->run;
    const Epoch *epoch = &run->epoch;
    const bool leads = thread->index == 0;
    const int32_t first_item = (int32_t)share_of(epoch->items.count, thread, 0);
    const int32_t last_item = (int32_t)share_of(epoch->items.count, thread, 1);

    order_count(&run->order, epoch, thread->index);
    barrier_wait(&run->barrier);
    if (leads) {
        prepare(run);
    }
    barrier_wait(&run->barrier);
    if (run->outcome != EPOCH_DONE) {
        return;
    }
    order_place(&run->order, epoch, thread->index);
    for (int64_t number = 0; number < epoch->batches; number++) {
        barrier_wait(&run->barrier);        /* all items are up to date */
        if (run->outcome != EPOCH_DONE) {
            return;
        }
        if (run->user_scale > MAX_SCALE || run->item_scale > MAX_SCALE) {
            apply_scales(thread);
        }
        Batch batch = run->batch;
        batch.start = run->order.batch_starts[number];
        batch.stop = run->order.batch_starts[number + 1];
        batch.user_scale = (float)run->user_scale;
        batch.item_scale = (float)run->item_scale;
        batch.score_scale = (float)(run->user_scale * run->item_scale);
        learn(run, &batch, &thread->counts);
        barrier_wait(&run->barrier);        /* all steps are known */
        run->kernel.apply(&batch, first_item, last_item);
        if (leads) {
            grow_scales(run, &batch);
            atomic_store(&run->untaken, batch.stop);
            if (epoch->interrupted && epoch->interrupted(epoch->context)) {
                run->outcome = EPOCH_INTERRUPTED;
            }
        }
    }
    barrier_wait(&run->barrier);
    if (run->batch.rates) {
        apply_scales(thread);
    }
}

static void *work(void *argument) {
    Thread *thread = argument;
    fenv_t callers;
    pthread_mutex_lock(&thread->run->gate);
    pthread_mutex_unlock(&thread->run->gate);
    /* Another library may have switched the rounding, or (with -ffast-math) small numbers to zero. */
    fegetenv(&callers);
    fesetenv(FE_DFL_ENV);
    train(thread);
    fesetenv(&callers);
    return NULL;
}

Outcome run_epoch(const Epoch *epoch, Counts *counts) {
    Thread *threads = calloc((size_t)epoch->threads, sizeof *threads);
    Run run = {
        .epoch = *epoch,
        .kernel = kernel_for(epoch->instruction_set),
        .gate = PTHREAD_MUTEX_INITIALIZER,
        .user_scale = 1,
        .item_scale = 1,
    };
    run.batch.epoch = &run.epoch;
    run.batch.order = &run.order;
    run.batch.spacing = (UINT64_C(1) << 48) / (uint64_t)epoch->items.count;
    run.batch.key = random_bits(random_bits(epoch->seed, epoch->number), 1);
    if (!threads || !order_allocate(&run.order, epoch)) {
        run.outcome = EPOCH_NO_MEMORY;
    } else {
        pthread_mutex_lock(&run.gate);
        int32_t started = 1;                /* where the system gives no more threads, fewer do the same */
        threads[0].run = &run;
        for (; started < epoch->threads; started++) {
            threads[started].run = &run;
            threads[started].index = started;
            if (pthread_create(&threads[started].handle, NULL, work, &threads[started]) != 0) {
                break;
            }
        }
        run.epoch.threads = started;
        barrier_init(&run.barrier, started);
        pthread_mutex_unlock(&run.gate);
        work(&threads[0]);
        for (int32_t t = 0; t < started; t++) {
            if (t > 0) {
                pthread_join(threads[t].handle, NULL);
            }
            counts->violations += threads[t].counts.violations;
            counts->draws += threads[t].counts.draws;
        }
        barrier_destroy(&run.barrier);
        pthread_mutex_destroy(&run.gate);
    }
    order_free(&run.order);
    free(run.batch.steps);
    free(run.batch.user_rows);
    free(run.batch.rates);
    free(threads);
    return run.outcome;
}
