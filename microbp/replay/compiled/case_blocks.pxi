# The layout of cases for kernels.

cdef uint64_t fillings = 0


cdef class Cases:
    """Cases in blocks: for each block a row of its first inputs, then one of its second inputs, ...

    widest: the most cases in a block. The last block is filled up with copies of its last case.
    """

    cdef readonly Py_ssize_t count, inputs
    cdef readonly int widest
    cdef double* data
    cdef double* table  # a copy of the given cases: the same ones often come again
    cdef Py_ssize_t room
    cdef uint64_t filling  # no other cases have the same number

    def __cinit__(self, cases, int widest, Py_ssize_t inputs=0):
        """Without an array of them, no cases yet, of so many inputs."""
        cdef HeldArray table = None if cases is None else HeldArray(cases, "float", 2)
        self.widest, self.inputs = widest, inputs if table is None else table.columns
        check_width(widest)
        if not 0 <= self.inputs <= MOST_ROWS:  # NumPy has wider arrays, of no cases
            raise ValueError(f"cases: expected at most {MOST_ROWS} columns, got {self.inputs}")
        if table is not None and table.rows:
            self.fill(table.floats, table.rows)

    def __dealloc__(self):
        PyMem_RawFree(self.data)  # and the table after it

    cdef int fill(self, const double* table, Py_ssize_t count) except -1:
        """Take so many cases from an array."""
        cdef Py_ssize_t inputs = self.inputs, start = 0, i
        cdef Py_ssize_t size = (count + MOST_CASES) * inputs
        cdef int width, c, real
        cdef const double* from_
        cdef Py_ssize_t bytes_ = count * inputs * sizeof(double)
        cdef double* to = self.data
        if size > self.room:
            to = <double*>allocated(2 * size * sizeof(double))
            PyMem_RawFree(self.data)
            self.data, self.table, self.room = to, to + size, size
        elif bytes_ and self.count == count and memcmp(table, self.table, bytes_) == 0:
            return 0
        global fillings
        self.count = count
        fillings += 1
        self.filling = fillings
        if bytes_:
            memcpy(self.table, table, bytes_)
        while start < count:
            width = width_of(count - start, self.widest)
            real = <int>min(width, count - start)
            for i in range(inputs):
                from_ = table + start * inputs + i
                for c in range(real):
                    to[c] = from_[c * inputs]
                for c in range(real, width):
                    to[c] = to[real - 1]
                to += width
            start += width
        return 0


cdef inline int width_of(Py_ssize_t cases, int widest) noexcept nogil:
    """The width of the next block, for so many remaining cases."""
    if widest == 1 or cases == 1:
        return 1
    if widest > 64 and cases > 64:
        return min(widest, <int>in_lanes(min(cases, MOST_CASES)))
    if widest >= 64 and cases > 40:
        return 64
    if widest >= 40 and cases > 32:
        return 40
    if widest >= 32 and cases > 16:
        return 32
    if widest >= 16 and cases > 8:
        return 16
    return 8
