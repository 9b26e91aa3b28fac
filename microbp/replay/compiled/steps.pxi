# Steps: sums, differences and products of rows, as tape.h has them and lanes.h takes them.
#
# An instruction and its operands are several times as long as the row numbers of a sum, and lie in two places: where
# sums and products alternate at random, the processor waits for them each time that it guesses wrongly what comes
# next. What passes an adjoint on to an operand is a sum, a difference or a product, too.

cdef struct Way:
    # Runs of steps, while they are written.
    int32_t* begin
    int32_t* run  # the head of the last one
    int32_t* end

cdef enum:
    NO_KIND = KINDS_OF_STEPS - 1
    MOST_OF_STEP = 5  # numbers, the head of its run included


cdef inline bint is_step(const Instruction* at) noexcept:
    """Whether steps take the place of an instruction."""
    return at.op in (ADD, SUB, MUL, NEG) or (
        at.op == DOT and at.count == 3 and at.flags == BIAS_FIRST
    )


cdef int make_way(Way* way, Py_ssize_t most) except -1:
    """Room for so many numbers: what is not used takes no memory."""
    way.begin = way.run = way.end = <int32_t*>allocated((most + 1) * sizeof(int32_t))
    way.run[0] = NO_KIND
    return 0


cdef inline void begin_run(Way* way, int32_t kind) noexcept:
    way.run = way.end
    way.run[0] = kind
    way.end += 1


cdef inline int32_t* next_step(Way* way, int32_t kind, Py_ssize_t numbers) noexcept:
    """Where so many numbers of one more step go."""
    cdef int32_t* to
    if way.run[0] % KINDS_OF_STEPS != kind or way.run[0] >= MOST_IN_RUN:
        begin_run(way, kind)
    way.run[0] += KINDS_OF_STEPS
    to = way.end
    way.end += numbers
    return to


cdef inline void add_instruction(Way* way, int32_t i, bint backward=False) noexcept:
    """Number i: if it is next to those of the run before it, in that one, of which the first in the code is told."""
    cdef int32_t* run = way.run
    if run[0] % KINDS_OF_STEPS != INSTRUCTIONS or run[0] >= MOST_IN_RUN or backward and run[1] != i + 1:
        begin_run(way, INSTRUCTIONS)
        way.run[0] += KINDS_OF_STEPS
        way.end[0] = i
        way.end += 1
    else:
        run[0] += KINDS_OF_STEPS
        run[1] -= backward


cdef inline void add_two(Way* way, int32_t kind, int32_t y, int32_t a, int32_t b) noexcept:
    cdef int32_t* to = next_step(way, kind, 3)
    to[0], to[1], to[2] = y, a, b


cdef inline void add_product(Way* way, int32_t y, int32_t a, int32_t b, int32_t c) noexcept:
    cdef int32_t* to = next_step(way, ADDED_PRODUCTS, 4)
    to[0], to[1], to[2], to[3] = y, a, b, c


cdef inline void add_two_products(
    Way* way, const Operand* new, const Operand* more, int32_t g, const int32_t* row
) noexcept:
    """What a product passes on to an operand whose adjoint begins with that, and to the other one."""
    cdef int32_t* to = next_step(way, TWO_PRODUCTS, 6)
    to[0], to[1], to[2], to[3] = new.adjoint, more.adjoint, more.sum, g
    to[4], to[5] = row[more.value], row[new.value]


cdef inline void negate(Way* way, int32_t y, int32_t a) noexcept:
    cdef int32_t* to = next_step(way, NEGATIVES, 2)
    to[0], to[1] = y, a


cdef inline void step_forward(
    Way* way, const Instruction* at, const Operand* use, const int32_t* row
) noexcept:
    cdef int32_t y = row[at.value], a = row[use[0].value]
    if at.op == NEG:
        negate(way, y, a)
    elif at.op == DOT:
        add_product(way, y, row[use[2].value], a, row[use[1].value])
    else:
        add_two(
            way, SUMS_OF_TWO if at.op == ADD else PRODUCTS_OF_TWO if at.op == MUL else DIFFERENCES, y, a,
            row[use[1].value],
        )


cdef inline void pass_product(
    Way* way, const Operand* use, Py_ssize_t k, int32_t g, const int32_t* row
) noexcept:
    """To operand number k of a product."""
    if use[k].sum == FRESH:
        add_two(way, PRODUCTS_OF_TWO, use[k].adjoint, g, row[use[1 - k].value])
    else:
        add_product(way, use[k].adjoint, use[k].sum, g, row[use[1 - k].value])


cdef inline void pass_products(Way* way, const Operand* use, int32_t g, const int32_t* row) noexcept:
    """To both operands."""
    if use[0].sum == FRESH and use[1].sum >= 0:
        add_two_products(way, use, use + 1, g, row)
    elif use[0].sum >= 0 and use[1].sum == FRESH:
        add_two_products(way, use + 1, use, g, row)
    else:
        pass_product(way, use, 0, g, row)
        pass_product(way, use, 1, g, row)


cdef inline void step_backward(
    Way* way, const Instruction* at, const Operand* use, Py_ssize_t k, const int32_t* row
) noexcept:
    """What is passed on to operand number k."""
    cdef int32_t to = use[k].adjoint, sum = use[k].sum, g = at.adjoint
    if passes_itself(at, k):
        add_two(way, SUMS_OF_TWO, to, sum, g)
    elif at.op == MUL or at.op == DOT:
        pass_product(way, use, k, g, row)
    elif sum == FRESH:
        negate(way, to, g)
    else:
        add_two(way, DIFFERENCES, to, sum, g)


cdef inline Steps steps_of(const Way* way) noexcept:
    return Steps(way.begin, way.end)


cdef void fit_way(Way* way) noexcept:
    cdef Py_ssize_t size = way.end - way.begin
    fit(&way.begin, sizeof(int32_t), size)
    way.end = way.begin + size


cdef void leave_out_steps(Layout of) noexcept:
    """Give back the instructions that steps take the place of."""
    cdef const Instruction* at
    cdef Py_ssize_t i, uses = 0
    of.instructions = 0
    for i in range(of.varying):
        at = &of.code[i]
        if not is_step(at):
            memmove(of.operands + uses, of.operands + at.first, at.count * sizeof(Operand))
            of.code[of.instructions] = at[0]
            of.code[of.instructions].first = <int32_t>uses
            of.instructions += 1
            uses += of.code[of.instructions - 1].count
    fit(&of.code, sizeof(Instruction), of.instructions)
    fit(&of.operands, sizeof(Operand), uses)
    fit_way(&of.forth_steps)
    fit_way(&of.back_steps)
