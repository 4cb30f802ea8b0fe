/* The door from Python: run_epoch() over arrays that Python allocates, and instruction_sets(). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>
#include <time.h>

#include "epoch.h"

#define SIGNAL_INTERVAL 0.05    /* seconds between two looks at the signals */

typedef struct {
    PyThreadState *state;       /* of the calling thread while it has given away the interpreter's lock */
    double last_look;
} Caller;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool interrupted(void *context) {
    Caller *caller = context;
    double time = now();
    if (time - caller->last_look < SIGNAL_INTERVAL) {
        return false;
    }
    caller->last_look = time;
    PyEval_RestoreThread(caller->state);
    bool raised = PyErr_CheckSignals() != 0;
    caller->state = PyEval_SaveThread();
    return raised;
}

/* The wrapper has checked what users can get wrong; this keeps a mistake in the wrapper from writing beside an array. */
static bool has(const Py_buffer *buffer, const char *name, int64_t count, size_t size) {
    if (buffer->len != (Py_ssize_t)((size_t)count * size)) {
        PyErr_Format(PyExc_ValueError, "%s has %zd bytes; it must have %zd", name, buffer->len,
                     (Py_ssize_t)((size_t)count * size));
        return false;
    }
    if ((uintptr_t)buffer->buf % size != 0) {
        PyErr_Format(PyExc_ValueError, "%s is not aligned", name);
        return false;
    }
    return true;
}

enum { EMBEDDINGS, ACCUMULATORS, BIASES, BIAS_ACCUMULATORS, SIDE_BUFFERS };

static bool read_side(Side *side, const Py_buffer *buffers, int32_t row_length) {
    const int64_t count = buffers[BIASES].len / (Py_ssize_t)sizeof(float);
    *side = (Side){
        .count = count,
        .embeddings = buffers[EMBEDDINGS].buf,
        .accumulators = buffers[ACCUMULATORS].buf,
        .biases = buffers[BIASES].buf,
        .bias_accumulators = buffers[BIAS_ACCUMULATORS].buf,
        .alpha = side->alpha,
    };
    if (count < 1 || count > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "there must be between 1 and 2^31 - 1 users, and items");
        return false;
    }
    const size_t vector = LANES * sizeof(float);
    const int64_t vectors = count * (row_length / LANES);
    return has(&buffers[EMBEDDINGS], "embeddings", vectors, vector)
           && has(&buffers[ACCUMULATORS], "accumulators", vectors, vector)
           && has(&buffers[BIASES], "biases", count, sizeof(float))
           && has(&buffers[BIAS_ACCUMULATORS], "bias_accumulators", count, sizeof(float));
}

static bool read_loss(Epoch *epoch, const char *name) {
    if (strcmp(name, "warp") != 0 && strcmp(name, "bpr") != 0) {
        PyErr_Format(PyExc_ValueError, "there is no loss '%s'", name);
        return false;
    }
    epoch->loss = strcmp(name, "warp") == 0 ? WARP : BPR;
    return true;
}

static bool read_instruction_set(Epoch *epoch, const char *name) {
    const char *const *names = instruction_sets();
    for (epoch->instruction_set = 0; names[epoch->instruction_set]; epoch->instruction_set++) {
        if (strcmp(names[epoch->instruction_set], name) == 0) {
            return true;
        }
    }
    PyErr_Format(PyExc_ValueError, "this CPU has no instruction set '%s'", name);
    return false;
}

static bool check_rows(const Epoch *epoch) {
    const int64_t *starts = epoch->row_starts;
    bool good = starts[0] == 0;
    for (int64_t user = 0; user < epoch->users.count && good; user++) {
        good = starts[user] <= starts[user + 1] && starts[user + 1] <= starts[epoch->users.count];
        int64_t last = -1;
        for (int64_t position = starts[user]; position < starts[user + 1] && good; position++) {
            good = last < epoch->positives[position] && epoch->positives[position] < epoch->items.count;
            last = epoch->positives[position];
        }
    }
    if (!good) {
        PyErr_SetString(PyExc_ValueError, "each row of positives must hold items that there are, ascending");
    }
    return good;
}

enum { ROW_STARTS, POSITIVES, WEIGHTS, RANK_LOSSES, DATA_BUFFERS };

static bool read_data(Epoch *epoch, const Py_buffer *buffers) {
    const int64_t positives = buffers[POSITIVES].len / (Py_ssize_t)sizeof(int32_t);
    const int64_t draws = buffers[RANK_LOSSES].len / (Py_ssize_t)sizeof(float);
    epoch->row_starts = buffers[ROW_STARTS].buf;
    epoch->positives = buffers[POSITIVES].buf;
    epoch->weights = buffers[WEIGHTS].buf;
    epoch->rank_losses = buffers[RANK_LOSSES].buf;
    epoch->max_sampled = (int32_t)draws;
    if (positives < 1 || draws < 1 || draws > INT32_MAX || epoch->batches < 1 || epoch->batches > UINT32_MAX
        || epoch->threads < 1) {
        PyErr_SetString(PyExc_ValueError, "positives, draws, batches and threads must be at least 1, and not too many");
        return false;
    }
    if (!has(&buffers[ROW_STARTS], "row_starts", epoch->users.count + 1, sizeof(int64_t))) {
        return false;
    }
    if (epoch->row_starts[epoch->users.count] != positives) {
        PyErr_SetString(PyExc_ValueError, "row_starts must end with the number of positives");
        return false;
    }
    return has(&buffers[POSITIVES], "positives", positives, sizeof(int32_t))
           && (!epoch->weights || has(&buffers[WEIGHTS], "weights", positives, sizeof(float)))
           && has(&buffers[RANK_LOSSES], "rank_losses", draws, sizeof(float))
           && check_rows(epoch);
}

static PyObject *run(const Epoch *epoch) {
    Caller caller = {.last_look = now()};
    Epoch watched = *epoch;
    watched.interrupted = interrupted;
    watched.context = &caller;
    Counts counts = {0, 0};
    caller.state = PyEval_SaveThread();
    Outcome outcome = run_epoch(&watched, &counts);
    PyEval_RestoreThread(caller.state);
    switch (outcome) {
    case EPOCH_DONE:
        return Py_BuildValue("LL", (long long)counts.violations, (long long)counts.draws);
    case EPOCH_NO_MEMORY:
        return PyErr_NoMemory();
    default:
        return NULL;    /* the signal's handler has raised */
    }
}

static PyObject *py_run_epoch(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer data[DATA_BUFFERS] = {{0}}, users[SIDE_BUFFERS] = {{0}}, items[SIDE_BUFFERS] = {{0}};
    Epoch epoch = {0};
    const char *loss, *instruction_set;
    unsigned long long seed, number;
    long long batches;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*z*y*w*w*w*w*dw*w*w*w*dsifKKLis:run_epoch",
                          &data[ROW_STARTS], &data[POSITIVES], &data[WEIGHTS], &data[RANK_LOSSES],
                          &users[EMBEDDINGS], &users[ACCUMULATORS], &users[BIASES], &users[BIAS_ACCUMULATORS],
                          &epoch.users.alpha, &items[EMBEDDINGS], &items[ACCUMULATORS], &items[BIASES],
                          &items[BIAS_ACCUMULATORS], &epoch.items.alpha, &loss, &epoch.components,
                          &epoch.learning_rate, &seed, &number, &batches, &epoch.threads, &instruction_set)) {
        return NULL;
    }
    epoch.seed = seed;
    epoch.number = number;
    epoch.batches = batches;
    if (epoch.components < 1 || epoch.components > INT32_MAX - LANES) {
        PyErr_SetString(PyExc_ValueError, "components must be at least 1, and not too many");
        goto release;
    }
    epoch.row_length = (epoch.components + LANES - 1) / LANES * LANES;
    if (read_side(&epoch.users, users, epoch.row_length) && read_side(&epoch.items, items, epoch.row_length)
        && read_data(&epoch, data) && read_loss(&epoch, loss) && read_instruction_set(&epoch, instruction_set)) {
        result = run(&epoch);
    }
release:
    for (int i = 0; i < DATA_BUFFERS; i++) {
        PyBuffer_Release(&data[i]);
    }
    for (int i = 0; i < SIDE_BUFFERS; i++) {
        PyBuffer_Release(&users[i]);
        PyBuffer_Release(&items[i]);
    }
    return result;
}

static PyObject *py_instruction_sets(PyObject *module, PyObject *arguments) {
    (void)module, (void)arguments;
    PyObject *result = PyList_New(0);
    for (const char *const *name = instruction_sets(); result && *name; name++) {
        PyObject *text = PyUnicode_FromString(*name);
        if (!text || PyList_Append(result, text) != 0) {
            Py_CLEAR(result);
        }
        Py_XDECREF(text);
    }
    return result;
}

/* What this module was compiled from: setup.py knows. */
#ifndef RECOMMENDER_SOURCES
#define RECOMMENDER_SOURCES ""
#endif

static PyObject *py_sources(PyObject *module, PyObject *arguments) {
    (void)module, (void)arguments;
    return PyUnicode_FromString(RECOMMENDER_SOURCES);
}

static PyMethodDef methods[] = {
    {"run_epoch", py_run_epoch, METH_VARARGS, "Train for one epoch, in place; return (violations, draws)."},
    {"instruction_sets", py_instruction_sets, METH_NOARGS, "Name what this CPU can run, best last."},
    {"sources", py_sources, METH_NOARGS, "Give the SHA-256 of the sources that this was compiled from."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "Bit-identical training.", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit__native(void) {
    return PyModuleDef_Init(&module);
}
