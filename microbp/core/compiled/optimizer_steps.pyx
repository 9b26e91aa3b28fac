# cython: language_level=3, cdivision=True
"""What core/python/optimizer_steps.py does, in C."""

from cpython cimport array
from cpython.list cimport PyList_GET_SIZE
from cpython.object cimport PyObject
from libc.math cimport sqrt

from microbp.core.compiled.value cimport Value, is_leaf

cdef extern from "Python.h":
    ctypedef struct PyTypeObject
    PyObject* PyList_GET_ITEM(object, Py_ssize_t)
    bint PyObject_TypeCheck(PyObject*, PyTypeObject*)


cdef inline PyObject* value_at(parameters, Py_ssize_t i) except NULL:
    """One of a list, borrowed: counting references takes as long as a step."""
    cdef PyObject* p = PyList_GET_ITEM(parameters, i)
    if not PyObject_TypeCheck(p, <PyTypeObject*>Value):
        <Value?><object>p  # raises TypeError
    return p


cdef int check(list parameters, array.array remembered) except -1:
    """Refuse, before anything changes, what isn't a leaf, or an array of another kind or length."""
    cdef Py_ssize_t i
    for i in range(PyList_GET_SIZE(parameters)):
        if not is_leaf(value_at(parameters, i)):
            p = parameters[i]
            raise AttributeError(f"{p!r} was computed by {p.op.name}: expected a leaf")
    if remembered is None:
        return 0
    if remembered.typecode != "d":
        raise ValueError(f"expected an array of doubles, got {remembered!r}")
    if len(remembered) != len(parameters):
        raise ValueError(f"{len(parameters)} parameters but {len(remembered)} numbers for them")
    return 0


def zero_grads(parameters):
    cdef Py_ssize_t i
    if type(parameters) is not list:
        parameters = list(parameters)
    for i in range(PyList_GET_SIZE(parameters)):
        (<Value>value_at(parameters, i)).grad_ = 0.0


def descend(list parameters, double lr, double shrink):
    cdef PyObject* p
    cdef Py_ssize_t i
    check(parameters, None)
    for i in range(PyList_GET_SIZE(parameters)):
        p = PyList_GET_ITEM(parameters, i)
        (<Value>p).data_ = ((<Value>p).data_ - lr * (<Value>p).grad_) * shrink


def gather_momentum(
    list parameters, array.array remembered not None, double lr, double momentum, double shrink
):
    cdef PyObject* p
    cdef Py_ssize_t i
    cdef double v
    cdef double* velocity
    check(parameters, remembered)
    velocity = remembered.data.as_doubles
    for i in range(PyList_GET_SIZE(parameters)):
        p = PyList_GET_ITEM(parameters, i)
        v = momentum * velocity[i] - lr * (<Value>p).grad_
        velocity[i] = v
        (<Value>p).data_ = ((<Value>p).data_ + v) * shrink


def adapt(
    list parameters, array.array means not None, array.array squares not None, steps, double lr,
    double beta1, double beta2, double eps, double shrink,
):
    cdef PyObject* p
    cdef Py_ssize_t i
    cdef double m, v, g
    cdef double step = lr / (1.0 - <object>beta1**steps)
    cdef double unbiased = 1.0 - <object>beta2**steps
    cdef double* mean
    cdef double* square
    check(parameters, means)
    check(parameters, squares)
    mean, square = means.data.as_doubles, squares.data.as_doubles
    for i in range(PyList_GET_SIZE(parameters)):
        p = PyList_GET_ITEM(parameters, i)
        g = (<Value>p).grad_
        m = beta1 * mean[i] + (1.0 - beta1) * g
        v = beta2 * square[i] + (1.0 - beta2) * g * g
        mean[i] = m
        square[i] = v
        (<Value>p).data_ = ((<Value>p).data_ + -step * m / (sqrt(v / unbiased) + eps)) * shrink
