# Arrays of any kind by the buffer protocol, and NumPy's as they lie in memory: that takes less than a small replay.

@cython.internal
cdef class HeldArray:
    """The numbers of a C-contiguous array, of which none can be added or taken away meanwhile.

    Does what a typed memoryview does, which takes a tenth of the time of building this extension.
    Raises TypeError, ValueError or BufferError, as `memoryview` does, for anything else, and
    ValueError for numbers of another kind, or in another number of dimensions.
    """

    cdef Py_buffer view
    cdef Py_ssize_t rows, columns  # with a single dimension, no columns
    cdef double* floats
    cdef const int32_t* ints

    def __cinit__(self, array, str kind, int dimensions, bint writable=False):
        """kind: "float" for double, "int" for int32_t."""
        cdef int flags = PyBUF_FORMAT | PyBUF_C_CONTIGUOUS
        cdef bint wanted
        PyObject_GetBuffer(array, &self.view, flags | PyBUF_WRITABLE if writable else flags)
        if kind == "float":
            wanted = self.view.itemsize == sizeof(double) and self.has_format(b"d", b"d")
        else:  # a long is as wide as an int in Windows
            wanted = self.view.itemsize == sizeof(int32_t) and self.has_format(b"i", b"l")
        if not wanted or self.view.ndim != dimensions:
            raise ValueError(
                f"replay: expected a {dimensions}-dimensional array of {kind}s, got {coerce.shown(array)}"
            )
        self.rows = self.view.shape[0]
        self.columns = self.view.shape[1] if dimensions == 2 else 0
        self.floats, self.ints = <double*>self.view.buf, <const int32_t*>self.view.buf

    def __dealloc__(self):
        PyBuffer_Release(&self.view)  # does nothing where there is none

    cdef bint has_format(self, const char* one, const char* other) noexcept:
        cdef const char* format = self.view.format
        return format != NULL and (strcmp(format, one) == 0 or strcmp(format, other) == 0)



cdef extern from *:
    """
    typedef struct { /* as in all of NumPy so far; pybind11 reads the same */
        PyObject_HEAD
        char *data;
        int dimensions;
        Py_ssize_t *shape, *strides;
        PyObject *base, *dtype;
        int flags;
    } Array;
    """
    ctypedef struct Array:
        char* data
        int dimensions
        Py_ssize_t* shape
        PyObject* dtype
        int flags

cdef enum: CONTIGUOUS = 0x1, ALIGNED = 0x100

cdef object array_type = None  # NumPy's; None until it is known to lie in memory like that
cdef object float_type = None  # the dtype of almost all arrays of floats


cdef int look_at_arrays(numpy) except -1:
    """Read arrays without the buffer protocol from now on, if NumPy's are as they were so far."""
    global array_type, float_type
    sample = numpy.zeros((3, 5))
    cdef const Array* at = <const Array*><PyObject*>sample
    if (
        type(sample).__basicsize__ >= <Py_ssize_t>sizeof(Array)
        and at.dimensions == 2 and at.dtype == <PyObject*>sample.dtype
        and <uintptr_t>at.data == sample.__array_interface__["data"][0]
        and at.flags & 0x7 == CONTIGUOUS | 0x4 and sample[1:, 1:].flags.num & CONTIGUOUS == 0
        and at.shape[0] == 3 and at.shape[1] == 5
    ):
        array_type, float_type = type(sample), sample.dtype
    return 0


cdef inline double* numbers_of(x, int dimensions) noexcept:
    """The numbers of a C-contiguous array of floats; NULL where only its buffer could tell."""
    cdef const Array* at = <const Array*><PyObject*>x
    if (
        type(x) is array_type and at.dimensions == dimensions and at.dtype == <PyObject*>float_type
        and at.flags & (CONTIGUOUS | ALIGNED) == CONTIGUOUS | ALIGNED
    ):
        return <double*>at.data
    return NULL


cdef double* numbers_of_new(array, int dimensions) except NULL:
    """Those of an array that NumPy has just made, and nobody else has."""
    cdef double* numbers = numbers_of(array, dimensions)
    cdef Py_buffer table
    if numbers == NULL:
        PyObject_GetBuffer(array, &table, PyBUF_WRITABLE)
        numbers = <double*>table.buf
        PyBuffer_Release(&table)
    return numbers
