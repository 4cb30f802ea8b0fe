/* What the doors from Python share. Included by each module.c alone, after Python.h. */
#ifndef RECOMMENDER_MODULE_H
#define RECOMMENDER_MODULE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "instruction_sets.h"

static bool refuse(const char *message) {
    PyErr_SetString(PyExc_ValueError, message);
    return false;
}

static void release(Py_buffer *arrays, int count) {
    for (int i = 0; i < count; i++) {
        PyBuffer_Release(&arrays[i]);
    }
}

static bool find_instruction_set(int32_t *number, const char *name) {
    const char *const *names = instruction_sets();
    for (*number = 0; names[*number]; (*number)++) {
        if (strcmp(names[*number], name) == 0) {
            return true;
        }
    }
    PyErr_Format(PyExc_ValueError, "this CPU has no instruction set '%s'", name);
    return false;
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

/* Set by setup.py: the hash of the sources. */
#ifndef RECOMMENDER_SOURCES
#define RECOMMENDER_SOURCES ""
#endif

static PyObject *py_sources(PyObject *module, PyObject *arguments) {
    (void)module, (void)arguments;
    return PyUnicode_FromString(RECOMMENDER_SOURCES);
}

#define SHARED_METHODS \
    {"instruction_sets", py_instruction_sets, METH_NOARGS, "Name what this CPU can run, best last."}, \
    {"sources", py_sources, METH_NOARGS, "Give the SHA-256 of the sources that this was compiled from."}

#endif
