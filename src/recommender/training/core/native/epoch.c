#include "epoch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "kernel.h"
#include "order.h"
#include "random.h"
#include "threads.h"

#define CHUNK 64                /* examples that a thread takes at a time */

typedef struct {
    const Epoch *epoch;
    Kernel kernel;
    Barrier barrier;
    Order order;
    Batch batch;
    atomic_llong next;          /* the first example that no thread has taken */
    Outcome outcome;
} Run;

typedef struct {
    Run *run;
    int32_t index;
    Counts counts;
    pthread_t handle;
} Thread;

static int64_t next_user(const Run *run, int64_t position) {
    const Example *examples = run->order.examples;
    while (position > run->batch.start && position < run->batch.stop &&
           examples[position].user == examples[position - 1].user) {
        position++;
    }
    return position < run->batch.stop ? position : run->batch.stop;
}

static void *work(void *argument) {
    Thread *thread = argument;
    Run *run = thread->run;
    const Epoch *epoch = run->epoch;
    bool leads = thread->index == 0;
    Counts counts = {0, 0};

    order_count(&run->order, epoch, thread->index);
    barrier_wait(&run->barrier);
    if (leads) {
        order_add_up(&run->order, epoch);
        size_t largest = (size_t)order_largest_batch(&run->order, epoch);
        run->batch.steps = malloc(largest * sizeof(Step));
        run->batch.user_rows = aligned_alloc(64, largest * (size_t)epoch->row_length * sizeof(float));
        if (!run->batch.steps || !run->batch.user_rows) run->outcome = EPOCH_NO_MEMORY;
    }
    barrier_wait(&run->barrier);
    if (run->outcome != EPOCH_DONE) return NULL;
    order_place(&run->order, epoch, thread->index);
    for (int64_t b = 0; b < epoch->batches; b++) {
        if (leads) {
            atomic_store(&run->next, run->order.batch_starts[b]);
            if (epoch->interrupted && epoch->interrupted(epoch->context)) run->outcome = EPOCH_INTERRUPTED;
        }
        barrier_wait(&run->barrier);
        if (run->outcome != EPOCH_DONE) return NULL;
        Batch batch = run->batch;
        batch.start = run->order.batch_starts[b];
        batch.stop = run->order.batch_starts[b + 1];
        if (leads) run->batch = batch;
        barrier_wait(&run->barrier);
        for (;;) {
            int64_t start = atomic_fetch_add(&run->next, CHUNK);
            if (start >= batch.stop) break;
            int64_t stop = next_user(run, start + CHUNK < batch.stop ? start + CHUNK : batch.stop);
            start = next_user(run, start);
            if (start < stop) run->kernel.learn(&batch, start, stop, &counts);
        }
        barrier_wait(&run->barrier);
        run->kernel.apply(&batch, thread->index);
    }
    thread->counts = counts;
    return NULL;
}

Outcome run_epoch(const Epoch *epoch, Counts *counts) {
    Run run = {.epoch = epoch, .kernel = kernel_for(epoch->instruction_set)};
    Thread *threads = calloc((size_t)epoch->threads, sizeof *threads);
    order_allocate(&run.order, epoch);
    barrier_init(&run.barrier, epoch->threads);
    run.batch.epoch = epoch;
    run.batch.order = &run.order;
    run.batch.key = random_bits(random_bits(epoch->seed, epoch->epoch), 1);
    run.batch.user_scale = run.batch.item_scale = 1;
    for (int32_t t = 0; t < epoch->threads; t++) {
        threads[t].run = &run;
        threads[t].index = t;
        if (t) pthread_create(&threads[t].handle, NULL, work, &threads[t]);
    }
    work(&threads[0]);
    for (int32_t t = 0; t < epoch->threads; t++) {
        if (t) pthread_join(threads[t].handle, NULL);
        counts->draws += threads[t].counts.draws;
        counts->violations += threads[t].counts.violations;
    }
    barrier_destroy(&run.barrier);
    order_free(&run.order);
    free(run.batch.steps);
    free(run.batch.user_rows);
    free(threads);
    return run.outcome;
}
