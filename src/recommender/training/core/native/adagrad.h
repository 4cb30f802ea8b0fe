/* Adagrad's steps. Included by what kernel.c compiles for each instruction set. */
#ifndef RECOMMENDER_ADAGRAD_H
#define RECOMMENDER_ADAGRAD_H

#include "epoch.h"
#include "lanes.h"

/* Adagrad for one vector of a row; returns the learning rates. */
ALWAYS_INLINE Lanes adagrad(const Epoch *epoch, const Rows *rows, int64_t offset, Lanes gradient, double alpha,
                            bool penalty) {
    Lanes *row = (Lanes *)(rows->embeddings + offset), *accumulators = (Lanes *)(rows->accumulators + offset);
    Lanes rates = epoch->method.learning_rate / square_roots(*accumulators);
    *accumulators += gradient * gradient;
    Lanes updated = *row - rates * gradient;
    if (penalty) {
        updated += (float)alpha * rates * updated;
    }
    *row = updated;
    return rates;
}

ALWAYS_INLINE float adagrad_bias(const Epoch *epoch, const Rows *rows, int32_t index, float gradient, double alpha,
                                 bool penalty) {
    float *accumulator = rows->bias_accumulators + index;
    float rate = epoch->method.learning_rate / __builtin_sqrtf(*accumulator);
    *accumulator += gradient * gradient;
    float updated = rows->biases[index] - rate * gradient;
    rows->biases[index] = penalty ? updated + (float)alpha * rate * updated : updated;
    return rate;
}

#endif
