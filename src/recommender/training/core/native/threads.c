#include "threads.h"

#define SPINS 500

static inline void pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

bool barrier_init(Barrier *barrier, int32_t threads) {
    barrier->threads = threads;
    atomic_init(&barrier->waiting, 0);
    atomic_init(&barrier->generation, 0);
    if (pthread_mutex_init(&barrier->mutex, NULL) != 0) {
        return false;
    }
    if (pthread_cond_init(&barrier->opened, NULL) != 0) {
        pthread_mutex_destroy(&barrier->mutex);
        return false;
    }
    return true;
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
        pause();
    }
    pthread_mutex_lock(&barrier->mutex);
    while (atomic_load(&barrier->generation) == generation) {
        pthread_cond_wait(&barrier->opened, &barrier->mutex);
    }
    pthread_mutex_unlock(&barrier->mutex);
}
