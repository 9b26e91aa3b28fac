# A single case: one plan for all of it, whether or not it would differ from case to case. So each
# adjoint is summed in the order of the eager engine, and all but the exponential has its bits.

cdef int plan_whole(Kernel of) except -1:
    """Make that plan; once. No plan where there is too much to number."""
    cdef Py_ssize_t count = of.varying + of.fixed, values = of.inputs + of.spreads + of.varying
    cdef Py_ssize_t places = values + of.uniforms, varying, uses, i
    cdef Unshared* tape
    cdef Instruction* code
    cdef int32_t* names
    cdef uint8_t* role
    if of.whole_plan != NULL:
        return 0
    varying = uses_in(of.code, of.varying)
    uses = varying + uses_in(of.fixed_code, of.fixed)
    if count + uses + places >= MOST_PLANNED:
        return 0
    tape = unshared(of, varying)
    try:
        code = <Instruction*>allocated(
            count * (sizeof(Instruction) + sizeof(int32_t)) + uses * sizeof(Operand) + places
        )
    except MemoryError:
        PyMem_RawFree(tape)
        raise
    names = <int32_t*>(code + count)
    role = <uint8_t*>(merge(of, tape, code, names, <Operand*>(names + count)))
    memset(role, 0, places)
    for i in range(of.outputs):
        role[place_of_output(of, tape, i)] |= KEPT
    if of.target_adjoint >= 0:
        role[place_of_output(of, tape, of.target)] |= SEEDED
    for i in range(of.inputs):
        if of.input_adjoint[i] >= 0:
            role[i] |= ASKED
    for i in range(0 if of.of_inputs else of.parameters):
        role[values + i] |= ASKED
    PyMem_RawFree(tape)
    of.whole_plan = make_plan(
        code, <Operand*>(names + count), count, uses, places, 0, role, 0.0, names, code
    )
    checked_plan(of.whole_plan)
    place_numbers(of, of.whole_plan)
    of.first_weight = loads_before(of.whole_plan, of.inputs)
    of.first_constant = loads_before(of.whole_plan, of.inputs + of.parameters)
    if not (
        watch(of.whole_plan)
        and in_slot_order(of.whole_plan.loads.at + of.first_weight, of.first_constant - of.first_weight)
    ):
        forget_plan(of.whole_plan)
        of.whole_plan = NULL
        checked_plan(NULL)
    return 0


cdef inline Py_ssize_t loads_before(const Plan* plan, Py_ssize_t place) noexcept:
    """How many loads, which are in the order of their places, come before that one."""
    cdef Py_ssize_t i = 0
    while i < plan.loads.count and plan.loads.at[i].place < place:
        i += 1
    return i


cdef inline Py_ssize_t place_of_output(Kernel of, const Unshared* tape, Py_ssize_t i) noexcept:
    if of.out_row[i] >= 0:
        return tape.value_in[of.out_row[i]]
    return of.inputs + of.spreads + of.varying - 1 - of.out_row[i]


cdef Operand* merge(
    Kernel of, const Unshared* tape, Instruction* code, int32_t* names, Operand* operands
) noexcept:
    """All instructions as they were recorded. Uniform numbers have the places after all values.

    Returns the end of the operands.
    """
    cdef int32_t values = <int32_t>(of.inputs + of.spreads + of.varying)
    cdef Py_ssize_t varying = 0, fixed = 0, used = 0, terms, i, k, n
    cdef const Instruction* at
    cdef const Operand* use
    for i in range(of.varying + of.fixed):
        if fixed < of.fixed and (
            varying == of.varying or of.fixed_code[fixed].first <= of.code[varying].first
        ):
            at, use = &of.fixed_code[fixed], &of.operands[of.fixed_code[fixed].first]
            names[i] = ~<int32_t>fixed
            fixed += 1
        else:
            at, use = &tape.code[varying], &tape.operands[tape.code[varying].first]
            names[i] = <int32_t>varying
            varying += 1
        code[i] = at[0]
        code[i].flags, code[i].first = at.flags & BIAS_FIRST, <int32_t>used
        if names[i] < 0:
            code[i].value += values
        terms = at.count // 2
        for n in range(at.count):
            k = n
            if at.flags & SWAPPED and n < 2 * terms:
                k = n + terms if n < terms else n - terms
            operands[used] = use[k]
            if names[i] < 0 or is_summed(at, k):
                operands[used].value += values
            elif of.inputs <= use[k].value < of.inputs + of.spreads:
                operands[used].value = values + of.spread_of[use[k].value - of.inputs]
            used += 1
    return operands + used


cdef void place_numbers(Kernel of, Plan* plan) noexcept:
    """Let values go to their rows, and adjoints to their parameters."""
    cdef Py_ssize_t values = of.inputs + of.spreads + of.varying, i
    cdef Move* move
    for i in range(plan.loads.count):
        move = &plan.loads.at[i]
        if move.place >= values:
            move.place -= <int32_t>(values - of.inputs)
    for i in range(plan.values.count):
        move = &plan.values.at[i]
        if move.place < values:
            move.place = of.code[move.place - of.inputs - of.spreads].value
        else:
            move.place -= <int32_t>(values - of.rows)
    for i in range(0 if of.of_inputs else plan.adjoints.count):
        plan.adjoints.at[i].place -= <int32_t>values


cdef void keep_values(Kernel of, Workspace workspace, Request request) noexcept nogil:
    """Move the plan's values to where they are kept, and the outputs to the request's."""
    cdef const Plan* plan = of.whole_plan
    cdef Py_ssize_t i
    cdef int32_t place
    for i in range(plan.values.count):
        place = plan.values.at[i].place
        if place < of.rows:
            workspace.tape.values[place] = workspace.whole_slots[plan.values.at[i].slot]
        else:
            workspace.uniform[place - of.rows] = workspace.whole_slots[plan.values.at[i].slot]
    of.put_outputs(workspace, request, 0, 1)


cdef void single_case(Kernel of, Workspace workspace, Cases cases, Request request) noexcept nogil:
    """A replay of a single case by its plan."""
    cdef const Plan* plan = of.whole_plan
    cdef double* slots = workspace.whole_slots
    if of.inputs:
        memcpy(workspace.tape.values, cases.data, of.inputs * sizeof(double))
    if request.summed and of.parameters:
        memset(request.gradient, 0, of.parameters * sizeof(double))
    load(of, plan, workspace, slots)
    if not run_whole(of, workspace, request, request.summed or request.back):
        workspace.tape.spoiled = NAN
        return
    workspace.totals[of.sums] += request.out[of.target]
    if request.summed and of.parameters:
        move_out(&plan.adjoints, slots, request.gradient, 0.0)
    if request.back and of.inputs:
        memset(request.by_input, 0, of.inputs * sizeof(double))
        move_out(&plan.adjoints, slots, request.by_input, 0.0)


cdef PyObject** moved_values(Kernel of, list parameters) except NULL:
    """The Values whose numbers its plan loads, and then those whose adjoints it has, as it moves them."""
    cdef const Moves* out = &of.whole_plan.adjoints
    cdef Py_ssize_t loaded = of.first_constant - of.first_weight, place, i
    cdef PyObject** values = <PyObject**>allocated((loaded + out.count) * sizeof(PyObject*))
    for i in range(loaded):
        place = of.whole_plan.loads.at[of.first_weight + i].place - of.inputs
        values[i] = PyList_GET_ITEM(parameters, place)
    for i in range(out.count):
        values[loaded + i] = PyList_GET_ITEM(parameters, out.at[i].place)
    return values


cdef bint run_alone(
    Kernel of, Cases cases, Request request, list parameters, PyObject*** values
) except -1:
    """A single case by its plan, from the Values' data to their gradients; False without a plan.

    As `Kernel.run` does it for a Runner, without arrays in between. Gradients change if all is well.
    `values`: see moved_values, which finds them at the first run.
    """
    cdef Workspace workspace
    cdef double* slots
    cdef const Move* move
    cdef PyObject** value
    cdef Py_ssize_t i, leaf
    cdef bint valued
    plan_whole(of)
    if of.whole_plan == NULL:
        return False
    if values[0] == NULL:
        values[0] = moved_values(of, parameters)
    workspace, of.spare = of.spare, None
    if workspace is None:
        workspace = Workspace(of, 1)
    workspace.take_whole_slots()
    slots, move = workspace.whole_slots, of.whole_plan.loads.at
    for i in range(of.first_weight):
        slots[move[i].slot] = cases.data[move[i].place]
    move, value = move + of.first_weight, values[0]
    for i in range(of.first_constant - of.first_weight):
        slots[move[i].slot] = (<Value>value[i]).data_
    for i in range(of.outputs):
        leaf = -1 - of.out_row[i]
        if 0 <= leaf < of.parameters:
            workspace.uniform[leaf] = (<Value>PyList_GET_ITEM(parameters, leaf)).data_
        elif 0 <= leaf < of.parameters + of.constants:
            workspace.uniform[leaf] = of.constant[leaf - of.parameters]
        elif 0 <= of.out_row[i] < of.inputs:
            workspace.tape.values[of.out_row[i]] = cases.data[of.out_row[i]]
    if of.varying + of.fixed < SHORT_JOB:
        valued = run_whole(of, workspace, request, True)
    else:
        with nogil:
            valued = run_whole(of, workspace, request, True)
    workspace.raise_problem()
    request.well = valued and workspace.well() and all_finite(request.out, of.outputs)
    request.sum = 0.0 + request.out[of.target]
    move, value = of.whole_plan.adjoints.at, value + of.first_constant - of.first_weight
    for i in range(of.whole_plan.adjoints.count if request.well else 0):
        (<Value>value[i]).grad_ = (<Value>value[i]).grad_ + (0.0 + slots[move[i].slot])
    of.spare = workspace
    return True


cdef bint run_whole(Kernel of, Workspace workspace, Request request, bint back) noexcept nogil:
    """The plan's stream, forward and, if so wanted, backward; False where an operation has no value."""
    cdef Plan* plan = of.whole_plan
    cdef Tape* tape = &workspace.tape
    cdef double* slots = workspace.whole_slots
    cdef Py_ssize_t i
    tape.spoiled = workspace.fixed.spoiled = 0.0
    tape.cases = 1
    workspace.width, workspace.filling = 1, 0  # rows of one case take the place of what was there
    if not way_forward(plan, slots, tape):
        return False
    keep_values(of, workspace, request)
    if back:
        for i in range(plan.seeds.count):
            slots[plan.seeds.at[i].slot] = 1.0
        way_back(plan, slots, tape)
    return True
