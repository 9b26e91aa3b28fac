# A single case: one plan for all of it, whether or not it would differ from case to case. So each
# adjoint is summed in the order of the eager engine, and all but the exponential has its bits.

cdef int plan_whole(Kernel of) except -1:
    """Make that plan, from the recording; once. No plan where there is too much to number."""
    cdef Py_ssize_t nodes, i
    cdef Graph graph
    cdef uint8_t* role
    cdef Plan* plan
    if of.whole_plan != NULL:
        return 0
    graph = of.graph()
    nodes = graph.leaves + graph.count
    if nodes + graph.starts[graph.count] >= MOST_PLANNED:
        return 0
    role = <uint8_t*>allocated(nodes)
    memset(role, 0, nodes)
    for i in range(of.outputs):
        role[graph.outputs[i]] |= KEPT
    if not of.forward_only:
        role[graph.outputs[of.target]] |= SEEDED
        if of.of_inputs:
            ask_for(role, of.inputs)
        else:
            ask_for(role + of.inputs, of.parameters)
    plan = checked_plan(make_plan(&graph, nodes, role, 0.0, role))
    for i in range(0 if of.of_inputs else plan.adjoints.count):
        plan.adjoints.at[i].place -= <int32_t>of.inputs
    of.first_weight = loads_before(plan, of.inputs)
    of.first_constant = loads_before(plan, of.inputs + of.parameters)
    if not (
        take_to_outputs(&graph, of.outputs, &plan.values) and put_beside(plan) and watch(plan)
        and in_slot_order(plan.loads.at + of.first_weight, of.first_constant - of.first_weight)
    ):
        forget_plan(plan)
        checked_plan(NULL)
    of.whole_plan = plan
    return 0


cdef inline void ask_for(uint8_t* role, Py_ssize_t leaves) noexcept:
    cdef Py_ssize_t i
    for i in range(leaves):
        role[i] |= ASKED


cdef bint take_to_outputs(const Graph* graph, Py_ssize_t outputs, Moves* values) noexcept:
    """Let nodes' values, in the order of their numbers, go to the outputs; False without memory."""
    cdef Move* to = <Move*>PyMem_RawMalloc(outputs * sizeof(Move))
    cdef Py_ssize_t i, low, high, middle
    if to == NULL:
        return False
    for i in range(outputs):
        low, high = 0, values.count
        while high - low > 1:
            middle = (low + high) // 2
            if values.at[middle].place <= graph.outputs[i]:
                low = middle
            else:
                high = middle
        to[i] = Move(values.at[low].slot, <int32_t>i)
    PyMem_RawFree(values.at)
    values.at, values.count = to, outputs
    return True


cdef inline Py_ssize_t loads_before(const Plan* plan, Py_ssize_t place) noexcept:
    """How many loads, which are in the order of their places, come before that one."""
    cdef Py_ssize_t i = 0
    while i < plan.loads.count and plan.loads.at[i].place < place:
        i += 1
    return i


cdef void single_case(Kernel of, Workspace workspace, Cases cases, Request request) noexcept nogil:
    """A replay of a single case by its plan."""
    cdef const Plan* plan = of.whole_plan
    cdef const Move* move = plan.loads.at
    cdef double* slots = workspace.whole_slots
    cdef Py_ssize_t i
    if request.summed and of.parameters:
        memset(request.gradient, 0, of.parameters * sizeof(double))
    for i in range(of.first_weight):
        slots[move[i].slot] = cases.data[move[i].place]
    for i in range(of.first_weight, of.first_constant):
        slots[move[i].slot] = request.weights[move[i].place - of.inputs]
    if not run_whole(of, workspace, request, request.summed or request.back):
        workspace.tape.spoiled = NAN
        return
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
    cdef Py_ssize_t i
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
    if of.recorded_code.rows < SHORT_JOB:
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
    cdef const Plan* plan = of.whole_plan
    cdef Tape* tape = &workspace.tape
    cdef double* slots = workspace.whole_slots
    cdef Py_ssize_t i
    tape.spoiled = workspace.fixed.spoiled = 0.0
    for i in range(plan.seeds.count if back else 0):
        slots[plan.seeds.at[i].slot] = 1.0
    if not (there_and_back(plan, slots, tape) if back else way_forward(plan, slots, tape)):
        return False
    move_out(&plan.values, slots, request.out)
    return True
