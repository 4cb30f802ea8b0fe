/* The door from Python: run_epoch() and run_history_epoch() on arrays that Python allocates, and instruction_sets(). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string.h>
#include <time.h>

#include "../../../native/module.h"
#include "epoch.h"

#define SIGNAL_INTERVAL 0.05    /* seconds between two looks at the signals: each needs the interpreter's lock */

typedef struct {
    PyThreadState *state;       /* of the calling thread while it has given away the interpreter's lock */
    double last_look;
} Caller;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Whether the handler of a signal, that of Ctrl-C say, has raised an exception. */
static bool signal_raised(void *context) {
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

/* The trainer has checked what users can get wrong. The checks below keep a mistake in the trainer from reading or
   writing beside an array. Each read_...() takes one group of arguments, a named tuple, into the struct of its name. */

static bool holds(const Py_buffer *array, const char *group, const char *name, int64_t count, size_t size) {
    const Py_ssize_t expected = (Py_ssize_t)((size_t)count * size);
    if (array->len != expected) {
        PyErr_Format(PyExc_ValueError, "%s.%s has %zd bytes; it must have %zd", group, name, array->len, expected);
        return false;
    }
    if ((uintptr_t)array->buf % size != 0) {
        PyErr_Format(PyExc_ValueError, "%s.%s is not aligned", group, name);
        return false;
    }
    return true;
}

static bool read_loss(Loss *loss, const char *name) {
    if (strcmp(name, "warp") == 0) {
        *loss = WARP;
    } else if (strcmp(name, "bpr") == 0) {
        *loss = BPR;
    } else {
        PyErr_Format(PyExc_ValueError, "there is no loss '%s'", name);
        return false;
    }
    return true;
}

static bool read_method(Method *method, PyObject *tuple, Py_buffer *rank_losses) {
    const char *loss;
    long long batches;
    unsigned long long seed;
    if (!PyArg_ParseTuple(tuple, "sifddy*LK:method", &loss, &method->no_components, &method->learning_rate,
                          &method->user_alpha, &method->item_alpha, rank_losses, &batches, &seed)) {
        return false;
    }
    const int64_t draws = rank_losses->len / (Py_ssize_t)sizeof(float);
    method->max_sampled = (int32_t)draws;
    method->rank_losses = rank_losses->buf;
    method->batches = batches;
    method->seed = seed;
    if (method->no_components < 1 || method->no_components > INT32_MAX - LANES) {
        return refuse("no_components must be at least 1, and not too many");
    }
    method->row_length = (method->no_components + LANES - 1) / LANES * LANES;
    if (draws < 1 || draws > INT32_MAX || batches < 1 || batches > UINT32_MAX) {
        return refuse("rank_losses and batches must be at least 1, and not too many");
    }
    return read_loss(&method->loss, loss) && holds(rank_losses, "method", "rank_losses", draws, sizeof(float));
}

enum { EMBEDDINGS, ACCUMULATORS, BIASES, BIAS_ACCUMULATORS, ROWS_ARRAYS };

static bool read_rows(Rows *rows, PyObject *tuple, Py_buffer arrays[ROWS_ARRAYS], const char *group, int32_t row_length) {
    if (!PyArg_ParseTuple(tuple, "w*w*w*w*:rows", &arrays[EMBEDDINGS], &arrays[ACCUMULATORS], &arrays[BIASES],
                          &arrays[BIAS_ACCUMULATORS])) {
        return false;
    }
    const int64_t count = arrays[BIASES].len / (Py_ssize_t)sizeof(float);
    *rows = (Rows){
        .count = count,
        .embeddings = arrays[EMBEDDINGS].buf,
        .accumulators = arrays[ACCUMULATORS].buf,
        .biases = arrays[BIASES].buf,
        .bias_accumulators = arrays[BIAS_ACCUMULATORS].buf,
    };
    if (count < 1 || count > INT32_MAX) {
        return refuse("there must be between 1 and 2^31 - 1 users, and items");
    }
    const size_t vector = LANES * sizeof(float);
    const int64_t vectors = count * (row_length / LANES);
    return holds(&arrays[EMBEDDINGS], group, "embeddings", vectors, vector)
           && holds(&arrays[ACCUMULATORS], group, "accumulators", vectors, vector)
           && holds(&arrays[BIASES], group, "biases", count, sizeof(float))
           && holds(&arrays[BIAS_ACCUMULATORS], group, "bias_accumulators", count, sizeof(float));
}

enum { VISITS = ROWS_ARRAYS, HISTORY_WEIGHTS, HISTORIES_ARRAYS };

/* The first of the arrays are those of the sources. */
static bool read_histories(Histories *histories, int64_t *n_users, PyObject *tuple, Py_buffer arrays[HISTORIES_ARRAYS],
                           int32_t row_length) {
    PyObject *sources;
    unsigned long long dropout;
    if (!PyArg_ParseTuple(tuple, "O!y*y*K:histories", &PyTuple_Type, &sources, &arrays[HISTORY_WEIGHTS], &arrays[VISITS],
                          &dropout)) {
        return false;
    }
    const int64_t count = arrays[HISTORY_WEIGHTS].len / (Py_ssize_t)sizeof(float);
    histories->weights = arrays[HISTORY_WEIGHTS].buf;
    histories->visits = arrays[VISITS].buf;
    histories->dropout = (uint32_t)dropout;
    *n_users = count;
    if (count < 1 || count > INT32_MAX) {
        return refuse("there must be between 1 and 2^31 - 1 users");
    }
    if (!holds(&arrays[HISTORY_WEIGHTS], "histories", "weights", count, sizeof(float))
        || !holds(&arrays[VISITS], "histories", "visits", count, sizeof(int32_t))) {
        return false;
    }
    for (int64_t user = 0; user < count; user++) {
        if (histories->visits[user] < 1) {
            return refuse("visits must be at least 1");
        }
    }
    if (dropout > UINT32_MAX) {
        return refuse("dropout must be below 2^32");
    }
    return read_rows(&histories->sources, sources, arrays, "sources", row_length);
}

static bool rows_ascend(const Positives *positives, int64_t n_users, int64_t n_items) {
    const int64_t *starts = positives->row_starts;
    if (starts[0] != 0) {
        return false;
    }
    for (int64_t user = 0; user < n_users; user++) {
        if (starts[user] > starts[user + 1] || starts[user + 1] > positives->count) {
            return false;
        }
        int64_t last = -1;
        for (int64_t position = starts[user]; position < starts[user + 1]; position++) {
            if (positives->items[position] <= last || positives->items[position] >= n_items) {
                return false;
            }
            last = positives->items[position];
        }
    }
    return true;
}

enum { ROW_STARTS, ITEMS, WEIGHTS, POSITIVES_ARRAYS };

static bool read_positives(Positives *positives, PyObject *tuple, Py_buffer arrays[POSITIVES_ARRAYS], int64_t n_users,
                           int64_t n_items) {
    if (!PyArg_ParseTuple(tuple, "y*y*z*:positives", &arrays[ROW_STARTS], &arrays[ITEMS], &arrays[WEIGHTS])) {
        return false;
    }
    const int64_t count = arrays[ITEMS].len / (Py_ssize_t)sizeof(int32_t);
    *positives = (Positives){
        .count = count,
        .row_starts = arrays[ROW_STARTS].buf,
        .items = arrays[ITEMS].buf,
        .weights = arrays[WEIGHTS].buf,
    };
    if (count < 1) {
        return refuse("there must be at least 1 positive");
    }
    if (!holds(&arrays[ROW_STARTS], "positives", "row_starts", n_users + 1, sizeof(int64_t))
        || !holds(&arrays[ITEMS], "positives", "items", count, sizeof(int32_t))
        || (positives->weights && !holds(&arrays[WEIGHTS], "positives", "weights", count, sizeof(float)))) {
        return false;
    }
    if (positives->row_starts[n_users] != count) {
        return refuse("row_starts must end with the number of positives");
    }
    if (!rows_ascend(positives, n_users, n_items)) {
        return refuse("each row of positives must hold items that there are, ascending");
    }
    return true;
}

static bool read_machine(Machine *machine, PyObject *tuple) {
    const char *instruction_set;
    if (!PyArg_ParseTuple(tuple, "is:machine", &machine->threads, &instruction_set)) {
        return false;
    }
    if (machine->threads < 1) {
        return refuse("threads must be at least 1");
    }
    return find_instruction_set(&machine->instruction_set, instruction_set);
}

static PyObject *run(const Epoch *epoch) {
    Caller caller = {.last_look = now()};
    Counts counts = {0, 0};
    caller.state = PyEval_SaveThread();
    Outcome outcome = run_epoch(epoch, (Interruption){signal_raised, &caller}, &counts);
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

/* Users have rows of their own, or are sums of histories. */
static PyObject *run_on(PyObject *arguments, bool with_histories) {
    Epoch epoch = {0};
    unsigned long long number;
    PyObject *positives, *users, *items, *method, *machine, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "KO!O!O!O!O!:run_epoch", &number, &PyTuple_Type, &positives, &PyTuple_Type, &users,
                          &PyTuple_Type, &items, &PyTuple_Type, &method, &PyTuple_Type, &machine)) {
        return NULL;
    }
    epoch.number = number;
    Py_buffer rank_losses = {0}, positives_arrays[POSITIVES_ARRAYS] = {{0}};
    Py_buffer users_arrays[HISTORIES_ARRAYS] = {{0}}, items_arrays[ROWS_ARRAYS] = {{0}};
    if (read_method(&epoch.method, method, &rank_losses)
        && (with_histories
                ? read_histories(&epoch.histories, &epoch.users.count, users, users_arrays, epoch.method.row_length)
                : read_rows(&epoch.users, users, users_arrays, "users", epoch.method.row_length))
        && read_rows(&epoch.items, items, items_arrays, "items", epoch.method.row_length)
        && read_positives(&epoch.positives, positives, positives_arrays, epoch.users.count, epoch.items.count)
        && read_machine(&epoch.machine, machine)) {
        if (!with_histories) {
            result = run(&epoch);
        } else if (epoch.method.loss != WARP || epoch.histories.sources.count != epoch.items.count) {
            refuse("with histories, the loss must be 'warp', and there must be as many sources as items");
        } else {
            result = run(&epoch);
        }
    }
    release(&rank_losses, 1);
    release(positives_arrays, POSITIVES_ARRAYS);
    release(users_arrays, HISTORIES_ARRAYS);
    release(items_arrays, ROWS_ARRAYS);
    return result;
}

static PyObject *py_run_epoch(PyObject *module, PyObject *arguments) {
    (void)module;
    return run_on(arguments, false);
}

static PyObject *py_run_history_epoch(PyObject *module, PyObject *arguments) {
    (void)module;
    return run_on(arguments, true);
}

static PyMethodDef methods[] = {
    {"run_epoch", py_run_epoch, METH_VARARGS, "Train for one epoch, in place; return (violations, draws)."},
    {"run_history_epoch", py_run_history_epoch, METH_VARARGS,
     "As run_epoch, for users who are sums of histories: these are its third argument."},
    SHARED_METHODS,
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "Bit-identical training.", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit__native(void) {
    return PyModuleDef_Init(&module);
}
