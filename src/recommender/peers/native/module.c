/* The door from Python. Each function does a range of some work on the calling thread, without the interpreter's lock. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <fenv.h>
#include <stdlib.h>
#include <string.h>

#include "../../native/module.h"
#include "common.h"
#include "kernel.h"
#include "product.h"

/* The callers have checked what users can get wrong. The checks below keep a mistake in the callers from reading or
   writing beside an array. */

static bool holds(const Py_buffer *array, const char *name, int64_t count, size_t size) {
    const Py_ssize_t expected = (Py_ssize_t)((size_t)count * size);
    if (array->len != expected) {
        PyErr_Format(PyExc_ValueError, "%s has %zd bytes; it must have %zd", name, array->len, expected);
        return false;
    }
    if ((uintptr_t)array->buf % size != 0) {
        PyErr_Format(PyExc_ValueError, "%s is not aligned", name);
        return false;
    }
    return true;
}

static bool in_range(long long start, long long stop, int64_t count) {
    return (start >= 0 && start <= stop && stop <= count) || refuse("there is no such range");
}

static bool is_index(long long index, int64_t count) {
    return (index >= 0 && index < count) || refuse("there is no such row");
}

/* The number of rows of an array of row starts. */
static int64_t rows_of(const Py_buffer *starts) {
    return starts->len / (Py_ssize_t)sizeof(int64_t) - 1;
}

/* Read pairs whose columns are below `n_columns`. */
static bool read_pairs(Pairs *pairs, const Py_buffer *starts, const Py_buffer *columns, int64_t n_columns) {
    const int64_t rows = rows_of(starts), count = columns->len / (Py_ssize_t)sizeof(int32_t);
    *pairs = (Pairs){rows, starts->buf, columns->buf};
    if (rows < 0 || rows > INT32_MAX) {
        return refuse("there must be a start of each row, and the end of the last");
    }
    if (!holds(starts, "starts", rows + 1, sizeof(int64_t)) || !holds(columns, "columns", count, sizeof(int32_t))) {
        return false;
    }
    bool ascending = pairs->starts[0] == 0 && pairs->starts[rows] == count;
    for (int64_t row = 0; row < rows; row++) {
        ascending &= pairs->starts[row] <= pairs->starts[row + 1];
    }
    if (!ascending) {
        return refuse("starts must ascend from 0 to the number of columns");
    }
    bool known = true;
    for (int64_t n = 0; n < count; n++) {
        known &= pairs->columns[n] >= 0 && pairs->columns[n] < n_columns;
    }
    return known || refuse("there are columns beyond the last");
}

static bool read_kernel(Kernel *kernel, const char *instruction_set) {
    int32_t number;
    const bool found = find_instruction_set(&number, instruction_set);
    if (found) {
        *kernel = kernel_for(number);
    }
    return found;
}

/* Another library may have changed the rounding, or (with -ffast-math) made the smallest numbers zero. */
#define WITHOUT_LOCK(...) \
    do { \
        fenv_t callers; \
        Py_BEGIN_ALLOW_THREADS \
        fegetenv(&callers); \
        fesetenv(FE_DFL_ENV); \
        __VA_ARGS__; \
        fesetenv(&callers); \
        Py_END_ALLOW_THREADS \
    } while (0)

/* Give what a function made, unless it has failed. */
static PyObject *result_of(bool done, PyObject *result) {
    if (!done) {
        return NULL;
    }
    Py_INCREF(result);
    return result;
}

enum { ITEM_STARTS, ITEM_USERS, USER_STARTS, USER_ITEMS, PAIRS_ARRAYS };

static bool read_both(Pairs *by_item, Pairs *by_user, const Py_buffer arrays[PAIRS_ARRAYS]) {
    return read_pairs(by_item, &arrays[ITEM_STARTS], &arrays[ITEM_USERS], rows_of(&arrays[USER_STARTS]))
           && read_pairs(by_user, &arrays[USER_STARTS], &arrays[USER_ITEMS], by_item->rows);
}

static PyObject *py_count_common(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer pairs[PAIRS_ARRAYS] = {{0}}, tiles = {0};
    long long start, stop;
    Pairs by_item, by_user;
    if (!PyArg_ParseTuple(arguments, "w*y*y*y*y*LL:count_common", &tiles, &pairs[0], &pairs[1], &pairs[2], &pairs[3],
                          &start, &stop)) {
        return NULL;
    }
    bool done = read_both(&by_item, &by_user, pairs);
    const int64_t count = done ? (by_item.rows + TILE - 1) / TILE : 0;
    done = done && in_range(start, stop, count)
           && holds(&tiles, "tiles", count * (count + 1) / 2 * TILE * TILE, sizeof(double));
    if (done) {
        WITHOUT_LOCK(count_common(tiles.buf, &by_item, &by_user, start, stop));
    }
    release(&tiles, 1);
    release(pairs, PAIRS_ARRAYS);
    return result_of(done, Py_None);
}

enum { LISTED, VALUES, COUNTS, USER_WEIGHTS, ROW_FACTORS, COLUMN_FACTORS, SIMILAR_ARRAYS };

static PyObject *py_find_similar(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer pairs[PAIRS_ARRAYS] = {{0}}, arrays[SIMILAR_ARRAYS] = {{0}};
    long long start, stop, neighbours;
    Similarity similarity;
    Pairs by_item, by_user;
    if (!PyArg_ParseTuple(arguments, "w*w*w*y*y*y*y*y*y*y*dLLL:find_similar", &arrays[LISTED], &arrays[VALUES],
                          &arrays[COUNTS], &pairs[0], &pairs[1], &pairs[2], &pairs[3], &arrays[USER_WEIGHTS],
                          &arrays[ROW_FACTORS], &arrays[COLUMN_FACTORS], &similarity.shrinkage, &neighbours, &start,
                          &stop)) {
        return NULL;
    }
    similarity.user_weights = arrays[USER_WEIGHTS].buf;
    similarity.row_factors = arrays[ROW_FACTORS].buf;
    similarity.column_factors = arrays[COLUMN_FACTORS].buf;
    similarity.neighbours = neighbours;
    const Lists lists = {arrays[LISTED].buf, arrays[VALUES].buf, arrays[COUNTS].buf};
    bool done = read_both(&by_item, &by_user, pairs) && in_range(start, stop, by_item.rows)
                && ((neighbours >= 1 && neighbours <= by_item.rows) || refuse("there are not so many neighbours"))
                && holds(&arrays[LISTED], "items", (stop - start) * neighbours, sizeof(int32_t))
                && holds(&arrays[VALUES], "values", (stop - start) * neighbours, sizeof(float))
                && holds(&arrays[COUNTS], "counts", stop - start, sizeof(int64_t))
                && holds(&arrays[USER_WEIGHTS], "user_weights", by_user.rows, sizeof(double))
                && holds(&arrays[ROW_FACTORS], "row_factors", by_item.rows, sizeof(double))
                && holds(&arrays[COLUMN_FACTORS], "column_factors", by_item.rows, sizeof(double));
    if (done) {
        WITHOUT_LOCK(done = find_similar(&by_item, &by_user, &similarity, start, stop, &lists));
        if (!done) {
            PyErr_NoMemory();
        }
    }
    release(arrays, SIMILAR_ARRAYS);
    release(pairs, PAIRS_ARRAYS);
    return result_of(done, Py_None);
}

enum { TILES, INVERSE, COLUMNS, NEGATED, SWEEP_ARRAYS };

static bool read_sweep(Sweep *sweep, PyObject *tuple, Py_buffer arrays[SWEEP_ARRAYS]) {
    if (!PyArg_ParseTuple(tuple, "w*w*w*w*:sweep", &arrays[TILES], &arrays[INVERSE], &arrays[COLUMNS],
                          &arrays[NEGATED])) {
        return false;
    }
    const int64_t size = TILE * TILE, count = arrays[COLUMNS].len / (Py_ssize_t)(size * (int64_t)sizeof(double));
    *sweep = (Sweep){count, arrays[TILES].buf, arrays[INVERSE].buf, arrays[COLUMNS].buf, arrays[NEGATED].buf};
    return holds(&arrays[TILES], "tiles", count * (count + 1) / 2 * size, sizeof(double))
           && holds(&arrays[INVERSE], "inverse", size, sizeof(double))
           && holds(&arrays[COLUMNS], "columns", count * size, sizeof(double))
           && holds(&arrays[NEGATED], "negated", count * size, sizeof(double));
}

static PyObject *py_sweep_pivot(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer arrays[SWEEP_ARRAYS] = {{0}};
    PyObject *tuple;
    long long pivot;
    const char *instruction_set;
    Kernel kernel;
    Sweep sweep;
    if (!PyArg_ParseTuple(arguments, "O!Ls:sweep_pivot", &PyTuple_Type, &tuple, &pivot, &instruction_set)) {
        return NULL;
    }
    bool done = read_kernel(&kernel, instruction_set) && read_sweep(&sweep, tuple, arrays)
                && is_index(pivot, sweep.count);
    bool definite = false;
    if (done) {
        WITHOUT_LOCK(definite = kernel.sweep_pivot(&sweep, pivot));
    }
    release(arrays, SWEEP_ARRAYS);
    return result_of(done, definite ? Py_True : Py_False);
}

static PyObject *sweep_rows(PyObject *arguments, bool columns) {
    Py_buffer arrays[SWEEP_ARRAYS] = {{0}};
    PyObject *tuple;
    long long pivot, row;
    const char *instruction_set;
    Kernel kernel;
    Sweep sweep;
    if (!PyArg_ParseTuple(arguments, "O!LLs:sweep", &PyTuple_Type, &tuple, &pivot, &row, &instruction_set)) {
        return NULL;
    }
    bool done = read_kernel(&kernel, instruction_set) && read_sweep(&sweep, tuple, arrays)
                && is_index(pivot, sweep.count) && is_index(row, sweep.count);
    if (done) {
        WITHOUT_LOCK((columns ? kernel.sweep_columns : kernel.sweep_row)(&sweep, pivot, row));
    }
    release(arrays, SWEEP_ARRAYS);
    return result_of(done, Py_None);
}

static PyObject *py_sweep_columns(PyObject *module, PyObject *arguments) {
    (void)module;
    return sweep_rows(arguments, true);
}

static PyObject *py_sweep_row(PyObject *module, PyObject *arguments) {
    (void)module;
    return sweep_rows(arguments, false);
}

/* Whether a gram matrix is one of rows of factors, whose length is a multiple of STRIP. */
static bool read_length(int64_t *length, const Py_buffer *gram, const Py_buffer *factors, int64_t rows) {
    *length = 0;
    while (*length < INT16_MAX && *length * *length * (int64_t)sizeof(double) < gram->len) {
        *length += STRIP;
    }
    return (*length > 0 || refuse("rows must have components")) && holds(gram, "gram", *length * *length, sizeof(double))
           && holds(factors, "factors", rows * *length, sizeof(double));
}

static PyObject *py_add_gram(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer gram = {0}, factors = {0};
    long long rows;
    const char *instruction_set;
    int64_t length;
    Kernel kernel;
    if (!PyArg_ParseTuple(arguments, "w*y*Ls:add_gram", &gram, &factors, &rows, &instruction_set)) {
        return NULL;
    }
    bool done = read_kernel(&kernel, instruction_set)
                && ((rows >= 0 && rows <= INT32_MAX) || refuse("there are not so many rows"))
                && read_length(&length, &gram, &factors, rows);
    if (done) {
        WITHOUT_LOCK(kernel.add_gram(gram.buf, factors.buf, rows, length));
    }
    release(&gram, 1);
    release(&factors, 1);
    return result_of(done, Py_None);
}

enum { SOLVED, STARTS, OTHERS, FACTORS, GRAM, PENALTIES, SQUARES_ARRAYS };

static PyObject *py_solve_rows(PyObject *module, PyObject *arguments) {
    (void)module;
    Py_buffer arrays[SQUARES_ARRAYS] = {{0}};
    long long n_others, start, stop;
    const char *instruction_set;
    int64_t length;
    Pairs pairs;
    Kernel kernel;
    if (!PyArg_ParseTuple(arguments, "w*y*y*y*y*y*LLLs:solve_rows", &arrays[SOLVED], &arrays[STARTS], &arrays[OTHERS],
                          &arrays[FACTORS], &arrays[GRAM], &arrays[PENALTIES], &n_others, &start, &stop,
                          &instruction_set)) {
        return NULL;
    }
    bool done = read_kernel(&kernel, instruction_set)
                && ((n_others >= 0 && n_others <= INT32_MAX) || refuse("there are not so many rows"))
                && read_length(&length, &arrays[GRAM], &arrays[FACTORS], n_others)
                && read_pairs(&pairs, &arrays[STARTS], &arrays[OTHERS], n_others)
                && in_range(start, stop, pairs.rows) && holds(&arrays[SOLVED], "solved", pairs.rows * length, sizeof(double))
                && holds(&arrays[PENALTIES], "penalties", pairs.rows, sizeof(double));
    bool solved = false;
    double *scratch = done ? aligned_alloc(64, (size_t)((length + GATHERED) * length) * sizeof *scratch) : NULL;
    if (scratch) {
        const Squares squares = {length, pairs.starts, pairs.columns, arrays[FACTORS].buf, arrays[GRAM].buf,
                                 arrays[PENALTIES].buf, arrays[SOLVED].buf, scratch};
        WITHOUT_LOCK(solved = kernel.solve_rows(&squares, start, stop));
        free(scratch);
    } else if (done) {
        PyErr_NoMemory();
        done = false;
    }
    release(arrays, SQUARES_ARRAYS);
    return result_of(done, solved ? Py_True : Py_False);
}

static PyMethodDef methods[] = {
    {"count_common", py_count_common, METH_VARARGS, "Count the common users of pairs of items, into tiles."},
    {"find_similar", py_find_similar, METH_VARARGS, "Find the most similar items of some items."},
    {"sweep_pivot", py_sweep_pivot, METH_VARARGS, "Invert the pivot's tile; return whether it is positive definite."},
    {"sweep_columns", py_sweep_columns, METH_VARARGS, "Multiply a tile of the pivot's columns by its inverse."},
    {"sweep_row", py_sweep_row, METH_VARARGS, "Bring a row of tiles up to date."},
    {"add_gram", py_add_gram, METH_VARARGS, "Add the outer products of all rows to the upper triangle."},
    {"solve_rows", py_solve_rows, METH_VARARGS, "Solve for some rows; return whether all could be solved."},
    SHARED_METHODS,
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_doc = "Bit-identical solvers.", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit__native(void) {
    return PyModuleDef_Init(&module);
}
