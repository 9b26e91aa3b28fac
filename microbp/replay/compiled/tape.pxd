# What tape.h declares, for Cython.

from libc.stdint cimport int16_t, int32_t, uint8_t

cdef extern from "tape.h":
    enum: LANES, MOST_CASES, UNIFORM_WEIGHTS, UNIFORM_BIAS, BIAS_FIRST, SWAPPED, MOST_UNITS
    enum: NOTHING, FRESH
    enum: INSTRUCTIONS, SUMS_OF_TWO, DIFFERENCES, PRODUCTS_OF_TWO, NEGATIVES, ADDED_PRODUCTS, TWO_PRODUCTS
    enum: KINDS_OF_STEPS, MOST_IN_RUN
    ctypedef struct Steps:
        const int32_t* at
        const int32_t* end
    ctypedef struct Operand:
        int32_t value, adjoint, sum
    ctypedef struct Instruction:
        int32_t op, count, first, value, adjoint, partial, source
        int16_t flags
        uint8_t before, after
    ctypedef struct Tape:
        const Instruction* code
        const Operand* operands
        Py_ssize_t count
        Steps forth, back
        double* values
        double* adjoints
        const double* uniform
        double* sums
        double* chunk_sums
        int lone, width, lane, cases
        double spoiled
        void* workspace
    ctypedef int (*ScalarOp)(const Tape*, const Instruction*, int, int) noexcept nogil
    ctypedef struct Interpreter:
        int (*forward)(Tape*, ScalarOp) noexcept nogil
        void (*reverse)(Tape*) noexcept nogil
    bint has_no_arithmetic(int32_t op, int32_t operands) noexcept nogil
    bint all_finite(const double*, Py_ssize_t) noexcept
    void add_lanes(double*, const double*, Py_ssize_t) noexcept nogil
    void look_at_sides(
        const double*, double, const double*, double, Py_ssize_t, double*
    ) noexcept nogil
    void fill_row(double*, double, int, double, int) noexcept nogil
    void put_column(double*, Py_ssize_t, const double*, int) noexcept nogil
    double sum_of_lanes(const double*) noexcept nogil
    bint is_set(const int*) noexcept nogil
    void set_flag(int*) noexcept nogil
    ctypedef struct Kind:
        const char* name
    const Kind[] kinds
    enum: KINDS
    const Kind* kind_in_use
    bint is_kind(const Kind*) noexcept
    Interpreter interpreter(int width) noexcept nogil

    # graph.h
    ctypedef struct Operation:
        int32_t op, flags, operands
    ctypedef struct Graph:
        Py_ssize_t leaves, count
        const Operation* operations
        const int32_t* code
        const int32_t* starts
        const int32_t* operands
        const int32_t* outputs
        const int32_t* sums
    ctypedef struct Node:
        int32_t op, flags, which, count
        const int32_t* operands
    Node node_at(const Graph*, Py_ssize_t) noexcept nogil

    # plan.h, moves.h
    enum: KEPT, SEEDED, ASKED, MOST_PLANNED
    ctypedef struct Move:
        int32_t slot, place
    ctypedef struct Moves:
        Move* at
        Py_ssize_t count
    ctypedef struct Ints:
        int32_t* at
        Py_ssize_t count
    ctypedef struct Plan:
        Ints stream
        Py_ssize_t late, forward_end, slots
        double start
        Moves loads, seeds, values, adjoints, sums
    ctypedef int (*DirectOp)(int, int, double, double, double*, double*, double*) noexcept nogil
    ctypedef int (*FormulaOp)(void*, const int32_t*, double*) noexcept nogil
    ctypedef int (*Stream)(
        const int32_t*, const int32_t*, double*, double, Tape*, FormulaOp, DirectOp
    ) noexcept nogil
    Plan* make_plan(const Graph*, Py_ssize_t, unsigned char*, double, void*) noexcept nogil
    void fit(void*, Py_ssize_t, Py_ssize_t) noexcept nogil
    bint moved(Moves*, int32_t, int32_t) noexcept nogil
    bint in_slot_order(Move*, Py_ssize_t) noexcept nogil
    bint put_beside(Plan*) noexcept nogil
    bint watch(Plan*) noexcept nogil
    double* zeros_from_line(Py_ssize_t) noexcept nogil
    void free_line(double*) noexcept nogil
    void forget_plan(Plan*) noexcept nogil
    Stream stream() noexcept nogil
