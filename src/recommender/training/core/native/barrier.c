#include "barrier.h"

#define SPINS 500

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

void barrier_init(Barrier *barrier, int32_t threads) {
    /* Set up in this way, neither the mutex nor the condition can fail. */
    *barrier = (Barrier){
        .threads = threads, .mutex = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER};
}

void barrier_destroy(Barrier *barrier) {
    pthread_cond_destroy(&barrier->opened);
    pthread_mutex_destroy(&barrier->mutex);
}

void barrier_wait(Barrier *barrier) {
    unsigned generation = atomic_load(&barrier->generation);
    if (atomic_fetch_add(&barrier->waiting, 1) + 1 == barrier->threads) {
        atomic_store(&barrier->waiting, 0);
        pthread_mutex_lock(&barrier->mutex);    /* else a thread about to sleep could miss the signal */
        atomic_store(&barrier->generation, generation + 1);
        pthread_cond_broadcast(&barrier->opened);
        pthread_mutex_unlock(&barrier->mutex);
        return;
    }
    for (int spin = 0; spin < SPINS; spin++) {
        if (atomic_load_explicit(&barrier->generation, memory_order_acquire) != generation) {
            return;
        }
        relax();
    }
    pthread_mutex_lock(&barrier->mutex);
    while (atomic_load(&barrier->generation) == generation) {
        pthread_cond_wait(&barrier->opened, &barrier->mutex);
    }
    pthread_mutex_unlock(&barrier->mutex);
}
