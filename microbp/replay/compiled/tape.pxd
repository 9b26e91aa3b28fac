# What tape.h declares, for Cython.

from libc.stdint cimport int32_t

cdef extern from "tape.h":
    enum: LANES, MOST_CASES, UNIFORM_WEIGHTS, UNIFORM_BIAS
    ctypedef struct Operand:
        int32_t value, adjoint, fresh
    ctypedef struct Instruction:
        int32_t op, flags, count, first, value, adjoint, partial, source
    ctypedef struct Tape:
        const Instruction* code
        const Operand* operands
        Py_ssize_t count
        double* values
        double* adjoints
        const double* uniform
        double* sums
        int lane, cases
        double spoiled
        void* workspace
    ctypedef int (*ScalarOp)(const Tape*, const Instruction*, int, int) noexcept nogil
    ctypedef struct Interpreter:
        int (*forward)(Tape*, ScalarOp) noexcept nogil
        void (*reverse)(Tape*) noexcept nogil
    bint has_no_arithmetic(const Instruction*) noexcept nogil
    bint all_finite(const double*, Py_ssize_t) noexcept
    bint is_set(const int*) noexcept nogil
    void set_flag(int*) noexcept nogil
    ctypedef struct Kind:
        const char* name
    const Kind[] kinds
    enum: KINDS
    const Kind* kind_in_use
    bint is_kind(const Kind*) noexcept
    Interpreter interpreter(int width) noexcept nogil
