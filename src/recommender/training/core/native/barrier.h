/* A barrier that spins for some microseconds before it sleeps: batches are short, and threads may outnumber the cores. */
#ifndef RECOMMENDER_BARRIER_H
#define RECOMMENDER_BARRIER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct {
    int32_t threads;
    atomic_int waiting;
    atomic_uint generation;
    pthread_mutex_t mutex;
    pthread_cond_t opened;
} Barrier;

void barrier_init(Barrier *barrier, int32_t threads);
void barrier_destroy(Barrier *barrier);

/* Return when all threads have come here; what they wrote before can then be read. */
void barrier_wait(Barrier *barrier);

#endif
