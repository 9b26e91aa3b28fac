# Plans of a kernel's two tapes, and what goes in and out of them: see plan.h.

cdef int direct_op(
    int op, int operands, double a, double b, double* y, double* da, double* db
) noexcept nogil:
    """An operation with arithmetic, of one operand or two."""
    if operands == 1:
        return of_one(<Code>op, a, y, da)
    return of_two(<Code>op, a, b, y, da, db)


cdef inline Py_ssize_t uses_in(const Instruction* code, Py_ssize_t count) noexcept:
    cdef Py_ssize_t i, uses = 0
    for i in range(count):
        uses += code[i].count
    return uses


cdef Plan* checked_plan(Plan* plan) except NULL:
    if plan == NULL:
        raise MemoryError("replay: no memory for a plan")
    return plan


cdef struct Unshared:
    # A kernel's tape, its values in no common rows: inputs, spread numbers, then one for each instruction.
    Instruction* code
    Operand* operands
    int32_t* value_in  # of each row at the end of the way forward
    uint8_t* role  # of each value, for make_plan


cdef Unshared* unshared(Kernel of, Py_ssize_t uses) except NULL:
    """To be freed in one piece."""
    cdef Py_ssize_t first = of.inputs + of.spreads, i, k
    cdef Py_ssize_t code = of.varying * sizeof(Instruction), operands = uses * sizeof(Operand)
    cdef Py_ssize_t rows = of.rows * sizeof(int32_t)
    cdef char* memory = <char*>allocated(
        sizeof(Unshared) + code + operands + rows + first + of.varying
    )
    cdef Unshared* tape = <Unshared*>memory
    cdef Instruction* at
    cdef Operand* use
    memory += sizeof(Unshared)
    tape.code, tape.operands = <Instruction*>memory, <Operand*>(memory + code)
    tape.value_in = <int32_t*>(memory + code + operands)
    tape.role = <uint8_t*>(memory + code + operands + rows)
    memset(tape.role, 0, first + of.varying)
    for i in range(first):
        tape.value_in[i] = <int32_t>i
    uses = 0
    for i in range(of.varying):
        at = &tape.code[i]
        at[0] = of.code[i]
        memcpy(&tape.operands[uses], &of.operands[at.first], at.count * sizeof(Operand))
        at.first = <int32_t>uses
        uses += at.count
        for k in range(at.count):
            if not is_summed(at, k):
                use = &tape.operands[at.first + k]
                use.value = tape.value_in[use.value]
        tape.value_in[at.value] = <int32_t>(first + i)
        at.value = <int32_t>(first + i)
    return tape


cdef int plan_varying(Kernel of) except -1:
    """Plan what differs from case to case, for one case at a time; once."""
    cdef Py_ssize_t uses, i, values
    cdef Unshared* tape
    cdef uint8_t* role
    if of.plan != NULL:
        return 0
    uses = uses_in(of.code, of.varying)
    values = of.inputs + of.spreads + of.varying
    if of.varying + uses + values + of.uniforms >= MOST_PLANNED:
        return 0
    tape = unshared(of, uses)
    role = tape.role
    for i in range(of.outputs):
        if of.out_row[i] >= 0:
            role[tape.value_in[of.out_row[i]]] |= KEPT
    if of.out_row[of.target] >= 0 and of.target_adjoint >= 0:
        role[tape.value_in[of.out_row[of.target]]] |= SEEDED
    for i in range(of.inputs):
        if of.input_adjoint[i] >= 0:
            role[i] |= ASKED
    for i in range(of.spreads):
        if of.spread_adjoint[i] >= 0:
            role[of.spread_row[i]] |= ASKED
    of.plan = make_plan(
        tape.code, tape.operands, of.varying, uses, values, of.uniforms, role, -0.0, NULL, tape
    )
    if of.plan != NULL and not without_rows(of, of.plan):
        forget_plan(of.plan)
        of.plan = NULL
    checked_plan(of.plan)
    return 0


cdef bint without_rows(Kernel of, Plan* plan) noexcept:
    """Let values go to their rows; False without memory.

    Let numbers that are not the inputs' come from the uniform ones, and spread numbers' adjoints go
    to sums.
    """
    cdef Py_ssize_t i, inputs = 0, computed = of.inputs + of.spreads
    cdef Move* move
    for i in range(plan.values.count):
        move = &plan.values.at[i]
        move.place = of.code[move.place - computed].value
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
    cdef Py_ssize_t leaves = of.parameters + of.constants, uses, i, k
    cdef uint8_t* role
    cdef const Instruction* at
    if of.fixed_plan != NULL:
        return 0
    uses = uses_in(of.fixed_code, of.fixed)
    if of.fixed + uses + of.uniforms >= MOST_PLANNED:
        return 0
    role = <uint8_t*>allocated(of.uniforms)
    memset(role, 0, of.uniforms)
    for i in range(of.outputs):
        if of.out_row[i] < 0:
            role[-1 - of.out_row[i]] |= KEPT
    for i in range(of.spreads):
        role[of.spread_of[i]] |= KEPT
    for i in range(of.varying):
        at = &of.code[i]
        for k in range(at.count if at.op == DOT and at.flags else 0):
            if is_summed(at, k):
                role[of.operands[at.first + k].value] |= KEPT
    memset(role, 0, leaves)  # leaves' values are known outside
    for i in range(of.sums):
        role[of.sum_of[i]] |= SEEDED
    if of.out_row[of.target] < 0 and of.target_adjoint >= 0:
        role[-1 - of.out_row[of.target]] |= SEEDED
    for i in range(0 if of.of_inputs else of.parameters):
        role[i] |= ASKED
    of.fixed_plan = make_plan(
        of.fixed_code, of.operands, of.fixed, uses, of.uniforms, 0, role, 0.0, NULL, role
    )
    checked_plan(of.fixed_plan)
    return 0


cdef double* slots_of(const Plan* plan) except NULL:
    """The numbers of one replay by a plan."""
    cdef double* slots = zeros(plan.slots)
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
        plan.stream.at, plan.stream.at + plan.forward_end, slots, -0.0, tape, scalar_op, direct_op
    )


cdef inline void way_back(const Plan* plan, double* slots, Tape* tape) noexcept nogil:
    stream()(
        plan.stream.at + plan.forward_end, plan.stream.at + plan.stream.count, slots, plan.start,
        tape, scalar_op, direct_op,
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
