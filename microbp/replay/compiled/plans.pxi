# Plans of a kernel's two tapes, and what goes in and out of them: see plan.h.

cdef int direct_op(
    int op, int operands, double a, double b, double* y, double* da, double* db
) noexcept nogil:
    """An operation with arithmetic, of one operand or two."""
    if operands == 1:
        return of_one(<Code>op, a, y, da)
    return of_two(<Code>op, a, b, y, da, db)


cdef int formula_op(void* workspace, const int32_t* at, double* slots) noexcept nogil:
    """A FORMULA of a stream."""
    with gil:
        return (<Workspace>workspace).by_formula(at[2], slots, at + 4, at[3], slots + at[1])


cdef Plan* checked_plan(Plan* plan) except NULL:
    if plan == NULL:
        raise MemoryError("replay: no memory for a plan")
    return plan


cdef struct Laid:
    # One of a layout's tapes, to be written as a graph again, with the roles of its nodes.
    Py_ssize_t count
    int32_t* code  # and the rest after it
    int32_t* starts
    int32_t* operands
    int32_t* sums
    int32_t* value_in  # of each row, the node whose value it holds by then
    uint8_t* role


cdef Laid room_for_tape(
    Py_ssize_t count, Py_ssize_t uses, Py_ssize_t leaves, Py_ssize_t rows
) except *:
    cdef int32_t* memory = <int32_t*>allocated(
        (2 * count + 1 + 2 * uses + rows) * sizeof(int32_t) + leaves + count
    )
    cdef int32_t* operands = memory + 2 * count + 1
    memory[count] = 0
    memset(operands + 2 * uses + rows, 0, leaves + count)
    return Laid(
        count, memory, memory + count, operands, operands + uses, operands + 2 * uses,
        <uint8_t*>(operands + 2 * uses + rows),
    )


cdef Graph as_graph(Kernel of, const Laid* tape, Py_ssize_t leaves) noexcept:
    return Graph(
        leaves, tape.count, of.operations, tape.code, tape.starts, tape.operands, NULL, tape.sums
    )


cdef int32_t which(Kernel of, int32_t kind) noexcept:
    """Among the operations, those for chains included, that of a kind of step."""
    cdef int32_t op = ADD, i = 0
    if kind == ADDED_PRODUCTS:
        return <int32_t>len(of.ops) + PRODUCTS
    if kind != SUMS_OF_TWO:
        op = SUB if kind == DIFFERENCES else MUL if kind == PRODUCTS_OF_TWO else NEG
    while of.operations[i].op != op:
        i += 1
    return i


cdef void write_step(
    Laid* tape, Py_ssize_t i, int32_t source, const int32_t* step, Py_ssize_t operands
) noexcept:
    """As the i-th operation."""
    cdef int32_t* to = tape.operands + tape.starts[i]
    cdef Py_ssize_t k
    tape.code[i], tape.starts[i + 1] = source, tape.starts[i] + <int32_t>operands
    for k in range(operands):  # a chain has its products first
        to[k] = tape.value_in[step[1 + (k if operands < 3 else (k + 1) % 3)]]


cdef void write_instruction(
    Kernel of, Laid* tape, Py_ssize_t i, const Instruction* at, Py_ssize_t nodes
) noexcept:
    cdef const Operand* use = of.operands + at.first
    cdef Py_ssize_t to = tape.starts[i], k
    tape.code[i], tape.starts[i + 1] = at.source, tape.starts[i] + at.count
    for k in range(at.count):
        tape.sums[to + k] = use[k].adjoint
        if is_summed(at, k):
            tape.operands[to + k] = <int32_t>nodes + use[k].value
        else:
            tape.operands[to + k] = tape.value_in[use[k].value]


cdef void write_varying(Kernel of, Laid* tape, Py_ssize_t leaves, int32_t* row) noexcept:
    """All operations in their order, and the row of each."""
    cdef const int32_t* at = of.forth_steps.begin
    cdef Py_ssize_t i = 0, n
    cdef int32_t kind, count, numbers
    for n in range(leaves):
        tape.value_in[n] = <int32_t>n
    while at != of.forth_steps.end:
        kind, count = at[0] % KINDS_OF_STEPS, at[0] // KINDS_OF_STEPS
        numbers = 2 if kind == NEGATIVES else 4 if kind == ADDED_PRODUCTS else 3
        at += 1
        for n in range(count):
            if kind == INSTRUCTIONS:
                write_instruction(of, tape, i, &of.code[at[0] + n], leaves + of.varying)
                row[i] = of.code[at[0] + n].value
            else:
                write_step(tape, i, which(of, kind), at, numbers - 1)
                row[i] = at[0]
                at += numbers
            tape.value_in[row[i]] = <int32_t>(leaves + i)
            i += 1
        if kind == INSTRUCTIONS:
            at += 1


cdef int plan_varying(Kernel of) except -1:
    """Plan what differs from case to case, for one case at a time; once."""
    cdef Py_ssize_t leaves = of.inputs + of.spreads, nodes = leaves + of.varying, i
    cdef int32_t* row
    cdef Graph graph
    cdef Laid tape
    if of.plan != NULL or of.uses + nodes + of.uniforms >= MOST_PLANNED:
        return 0
    row = <int32_t*>allocated(of.varying * sizeof(int32_t))
    try:
        tape = room_for_tape(of.varying, of.uses, leaves, of.rows)
        write_varying(of, &tape, leaves, row)
        for i in range(of.outputs):
            if of.out_row[i] >= 0:
                tape.role[tape.value_in[of.out_row[i]]] |= KEPT
        memset(tape.role, 0, leaves)  # leaves' values are in their rows
        for i in range(of.inputs):
            if of.input_adjoint[i] >= 0:
                tape.role[i] |= ASKED
        for i in range(of.spreads):
            if of.spread_adjoint[i] >= 0:
                tape.role[of.spread_row[i]] |= ASKED
        if of.out_row[of.target] >= 0 and of.target_adjoint >= 0:
            # KEPT even if it is an input: one that nothing else uses would have no seed
            tape.role[tape.value_in[of.out_row[of.target]]] |= SEEDED | KEPT
        graph = as_graph(of, &tape, leaves)
        of.plan = make_plan(&graph, nodes + of.uniforms, tape.role, -0.0, tape.code)
        if of.plan != NULL and not without_rows(of, of.plan, row):
            forget_plan(of.plan)
            of.plan = NULL
        checked_plan(of.plan)
    finally:
        PyMem_RawFree(row)
    return 0


cdef bint without_rows(Kernel of, Plan* plan, const int32_t* row) noexcept:
    """Let values go to their rows; False without memory.

    Let numbers that are not the inputs' come from the uniform ones, and spread numbers' adjoints go
    to sums.
    """
    cdef Py_ssize_t i, inputs = 0, computed = of.inputs + of.spreads
    cdef Move* move
    for i in range(plan.values.count):
        move = &plan.values.at[i]
        if move.place >= computed:
            move.place = row[move.place - computed]
    for i in range(plan.loads.count):
        move = &plan.loads.at[i]
        if move.place >= computed:
            move.place = <int32_t>(move.place - computed - of.varying + of.inputs)
        elif move.place >= of.inputs:
            move.place = <int32_t>of.inputs + of.spread_of[move.place - of.inputs]
    for i in range(plan.adjoints.count):
        move = &plan.adjoints.at[i]
        if move.place >= of.inputs:
            if not moved(&plan.sums, move.slot, of.spread_sum[move.place - of.inputs]):
                return False
        else:
            plan.adjoints.at[inputs] = move[0]
            inputs += 1
    plan.adjoints.count = inputs
    return True


cdef int plan_fixed(Kernel of) except -1:
    """Plan what is the same in every case; once."""
    cdef Py_ssize_t leaves = of.parameters + of.constants, nodes = leaves + of.fixed, i, k
    cdef const Instruction* at
    cdef Graph graph
    cdef Laid tape
    if of.fixed_plan != NULL or of.fixed_uses + nodes >= MOST_PLANNED:
        return 0
    tape = room_for_tape(of.fixed, of.fixed_uses, leaves, 0)
    for i in range(of.fixed):
        at = &of.fixed_code[i]
        tape.code[i], tape.starts[i + 1] = at.source, tape.starts[i] + at.count
        for k in range(at.count):
            tape.operands[tape.starts[i] + k] = of.fixed_operands[at.first + k].value
    for i in range(of.outputs):
        if of.out_row[i] < 0:
            tape.role[-1 - of.out_row[i]] |= KEPT
    for i in range(of.spreads):
        tape.role[of.spread_of[i]] |= KEPT
    for i in range(of.instructions):
        at = &of.code[i]
        for k in range(at.count if at.op == DOT and at.flags else 0):
            if is_summed(at, k):
                tape.role[of.operands[at.first + k].value] |= KEPT
    memset(tape.role, 0, leaves)  # leaves' values are known outside
    for i in range(of.sums):
        tape.role[of.sum_of[i]] |= SEEDED
    if of.out_row[of.target] < 0 and of.target_adjoint >= 0:
        tape.role[-1 - of.out_row[of.target]] |= SEEDED
    for i in range(0 if of.of_inputs else of.parameters):
        tape.role[i] |= ASKED
    graph = as_graph(of, &tape, leaves)
    of.fixed_plan = make_plan(&graph, nodes, tape.role, 0.0, tape.code)
    checked_plan(of.fixed_plan)
    return 0


cdef double* slots_of(const Plan* plan) except NULL:
    """The numbers of one replay by a plan."""
    cdef double* slots = zeros_from_line(plan.slots)
    if slots == NULL:
        raise MemoryError("replay: no memory for a plan's numbers")
    slots[0], slots[1] = 1.0, -1.0  # the constants; the third is 0
    return slots


cdef inline void move_in(const Moves* moves, double* slots, const double* from_) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(moves.count):
        slots[moves.at[i].slot] = from_[moves.at[i].place]


cdef inline void move_out(
    const Moves* moves, const double* slots, double* to, double start=-0.0
) noexcept nogil:
    """Each number, added to -0.0, which changes nothing, or to 0.0, after which none is -0.0."""
    cdef Py_ssize_t i
    for i in range(moves.count):
        to[moves.at[i].place] = start + slots[moves.at[i].slot]


cdef inline bint way_forward(const Plan* plan, double* slots, Tape* tape) noexcept nogil:
    return stream()(
        plan.stream.at, plan.stream.at + plan.forward_end, slots, -0.0, tape, formula_op, direct_op
    )


cdef inline void way_back(const Plan* plan, double* slots, Tape* tape) noexcept nogil:
    stream()(
        plan.stream.at + plan.forward_end, plan.stream.at + plan.stream.count, slots, plan.start,
        tape, formula_op, direct_op,
    )


cdef inline bint there_and_back(const Plan* plan, double* slots, Tape* tape) noexcept nogil:
    """Both ways; what is late is done beside the way back: see late.h."""
    return stream()(
        plan.stream.at, plan.stream.at + plan.late, slots, -0.0, tape, formula_op, direct_op
    ) and stream()(
        plan.stream.at + plan.forward_end, plan.stream.at + plan.stream.count, slots, plan.start,
        tape, formula_op, direct_op,
    )


cdef void load(
    Kernel of, const Plan* plan, Workspace workspace, double* slots
) noexcept nogil:
    """The leaves of a plan: places behind the inputs are uniform numbers."""
    cdef const Moves* loads = &plan.loads
    cdef Py_ssize_t i
    cdef int32_t place
    for i in range(loads.count):
        place = loads.at[i].place
        slots[loads.at[i].slot] = (
            workspace.tape.values[place] if place < of.inputs
            else workspace.uniform[place - of.inputs]
        )


cdef bint case_forward(Kernel of, Workspace workspace) noexcept nogil:
    """As the interpreter's `forward` does for rows of one case."""
    cdef Tape* tape = &workspace.tape
    cdef double* slots = workspace.slots
    load(of, of.plan, workspace, slots)
    if not way_forward(of.plan, slots, tape):
        return False
    move_out(&of.plan.values, slots, tape.values)
    return True


cdef void case_back(Kernel of, Workspace workspace, double* sums, Py_ssize_t step) noexcept nogil:
    """As the interpreter's `reverse` does; each sum is `step` numbers from the one before."""
    cdef double* slots = workspace.slots
    cdef const Moves* moves = &of.plan.sums
    cdef Py_ssize_t i
    for i in range(of.plan.seeds.count):
        slots[of.plan.seeds.at[i].slot] = 1.0
    way_back(of.plan, slots, &workspace.tape)
    for i in range(moves.count):
        sums[moves.at[i].place * step] += slots[moves.at[i].slot]


cdef void adjoints_of_inputs(
    Kernel of, Workspace workspace, double* by_input
) noexcept nogil:
    """Of a case that went back by a plan."""
    if of.inputs:
        memset(by_input, 0, of.inputs * sizeof(double))
        move_out(&of.plan.adjoints, workspace.slots, by_input, 0.0)
