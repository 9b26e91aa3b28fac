# The layout of a recording for replay: which nodes have rows, which are uniform, in what order.

cdef struct Slots:
    # For each recorded node, while a kernel is made: whether it varies and is wanted, its places.
    int32_t* varies
    int32_t* wanted
    int32_t* place
    int32_t* adjoint
    int32_t* spread
    int32_t* order  # for each use of a node: which node


cdef inline bint is_summed(const Instruction* at, Py_ssize_t k) noexcept:
    """Whether a dot's operand number k is uniform, and its adjoint no row but a sum."""
    return (at.flags & UNIFORM_WEIGHTS and k < at.count // 2) or (
        at.flags & UNIFORM_BIAS and k == at.count - 1
    )


cdef struct Arities:
    # Of each op of a recording its Code, and how many operands it takes; -1 for any number.
    int32_t* code
    int32_t* count
    Py_ssize_t ops


cdef inline int32_t next_of(Py_ssize_t* count) noexcept:
    count[0] += 1
    return <int32_t>(count[0] - 1)


cdef inline bint keeps_partials(int32_t op) noexcept:
    """Whether lanes.h computes an operation's partials with its value, to keep them in rows."""
    return op not in (
        ADD, SUB, MUL, DIV, NEG, ABS, EXP, SQRT, RELU, MAXIMUM, MINIMUM, WHERE_POSITIVE, DOT, TOTAL
    )


cdef inline bint any_of(Slots* of, Py_ssize_t first, Py_ssize_t end) noexcept:
    """Whether any of these operands varies."""
    cdef Py_ssize_t k
    for k in range(first, end):
        if of.varies[of.order[k]]:
            return True
    return False


cdef bint is_operation(
    const Arities* of, Py_ssize_t i, Py_ssize_t leaves, const int32_t[::1] code,
    const int32_t[::1] starts, const int32_t[::1] operands,
) noexcept:
    """Whether the i-th recorded operation has as many operands as it takes, all before it."""
    cdef Py_ssize_t count, k
    if not (0 <= code[i] < of.ops and starts[i] <= starts[i + 1] <= operands.shape[0]):
        return False
    count = starts[i + 1] - starts[i]
    if of.count[code[i]] >= 0 and of.count[code[i]] != count:
        return False
    if of.code[code[i]] == DOT and count % 2 == 0:
        return False
    for k in range(starts[i], starts[i + 1]):
        if not 0 <= operands[k] < leaves + i:
            return False
    return True


cdef class Layout:
    """A recording laid out for replay: forward and, for some of the leaves, backward.

    of_inputs: whether to find the derivatives with respect to the inputs, in each case, or else
    with respect to the parameters, summed over the cases. target: of which output. forward_only:
    whether to find none.
    """

    cdef tuple ops
    cdef int32_t* op_codes
    cdef readonly bint of_inputs, forward_only
    cdef readonly Py_ssize_t inputs, parameters, outputs
    cdef Py_ssize_t constants
    cdef Instruction* code  # of the nodes that differ from case to case
    cdef Instruction* fixed_code  # of those that don't
    cdef Operand* operands
    cdef readonly Py_ssize_t varying, fixed  # how many there are of each
    cdef Py_ssize_t adjoints, uniforms, sums, spreads
    cdef readonly Py_ssize_t rows
    cdef double* constant  # the constants' numbers
    cdef int32_t* sum_of  # for each sum the uniform number whose adjoint it is
    cdef int32_t* spread_of  # uniform numbers that also need a row
    cdef int32_t* spread_row
    cdef int32_t* spread_adjoint
    cdef int32_t* spread_sum
    cdef int32_t* out_row  # for each output its row, or, if it is uniform, -1 - its number
    cdef readonly Py_ssize_t target  # the output whose derivatives are wanted
    cdef int32_t target_adjoint
    cdef int32_t* input_adjoint

    def __cinit__(
        self, recording, bint of_inputs, Py_ssize_t target=0, bint forward_only=False
    ):
        cdef const int32_t[::1] code = recording.code
        cdef const int32_t[::1] starts = recording.starts
        cdef const int32_t[::1] operands = recording.operands
        cdef const int32_t[::1] outputs = recording.outputs
        cdef const double[::1] constants = recording.constants
        cdef Py_ssize_t count = code.shape[0], i
        cdef Arities arities
        self.ops, self.of_inputs, self.target = recording.ops, of_inputs, target
        self.forward_only = forward_only
        self.inputs = recording.inputs
        self.parameters = len(recording.parameters)
        self.constants = constants.shape[0]
        self.outputs = outputs.shape[0]
        arities.ops = len(self.ops)
        self.op_codes = <int32_t*>allocated(2 * arities.ops * sizeof(int32_t))
        arities.code, arities.count = self.op_codes, self.op_codes + arities.ops
        for i, op in enumerate(self.ops):
            arities.code[i] = code_by_op.get(op, OTHER)  # whatever its name
            arity = op.arity if arities.code[i] == OTHER else BUILTINS[arities.code[i] - 1].arity
            arities.count[i] = -1 if arity is None else arity
        # No Python runs from here on, which could change the recording's arrays meanwhile.
        self.check(&arities, code, starts, operands, outputs)
        self.constant = <double*>allocated(self.constants * sizeof(double))
        for i in range(self.constants):
            self.constant[i] = constants[i]
        self.out_row = <int32_t*>allocated(self.outputs * sizeof(int32_t))
        self.input_adjoint = <int32_t*>allocated(self.inputs * sizeof(int32_t))
        cdef Graph recorded, graph
        recorded.op = graph.op = NULL
        try:
            recorded = graph_for(self.leaves(), count, operands.shape[0], self.outputs)
            graph = graph_for(self.leaves(), count, operands.shape[0], self.outputs)
            for i in range(count):
                recorded.op[i], recorded.source[i] = arities.code[code[i]], code[i]
            memcpy(recorded.starts, &starts[0], (count + 1) * sizeof(int32_t))
            if operands.shape[0]:
                memcpy(recorded.operands, &operands[0], operands.shape[0] * sizeof(int32_t))
            memcpy(recorded.outputs, &outputs[0], self.outputs * sizeof(int32_t))
            with_chains(&recorded, self.inputs, self.outputs, &graph)
            self.prepare(&graph)
        finally:
            PyMem_RawFree(recorded.op)
            PyMem_RawFree(graph.op)

    def __dealloc__(self):
        PyMem_RawFree(self.op_codes)
        PyMem_RawFree(self.code)
        PyMem_RawFree(self.fixed_code)
        PyMem_RawFree(self.operands)
        PyMem_RawFree(self.constant)
        PyMem_RawFree(self.sum_of)
        PyMem_RawFree(self.spread_of)  # and the three that follow it
        PyMem_RawFree(self.out_row)
        PyMem_RawFree(self.input_adjoint)

    cdef inline Py_ssize_t leaves(self) noexcept:
        return self.inputs + self.parameters + self.constants

    cdef int check(
        self, const Arities* of, const int32_t[::1] code, const int32_t[::1] starts,
        const int32_t[::1] operands, const int32_t[::1] outputs,
    ) except -1:
        """Raise ValueError for arrays that describe no graph: no index is checked after this."""
        cdef Py_ssize_t count = code.shape[0], i
        cdef bint fine = (
            0 <= self.inputs <= MOST_ROWS and self.parameters <= MOST_ROWS
            and self.constants <= MOST_ROWS and count <= MOST_ROWS
            and operands.shape[0] <= MOST_ROWS and starts.shape[0] == count + 1 and starts[0] == 0
            and starts[count] == operands.shape[0]
        )
        cdef Py_ssize_t leaves = self.leaves() if fine else 0
        fine = fine and leaves + count + 2 * operands.shape[0] <= MOST_ROWS
        for i in range(count if fine else 0):
            if not is_operation(of, i, leaves, code, starts, operands):
                fine = False
                break
        fine = fine and 0 <= self.target < self.outputs
        for i in range(self.outputs if fine else 0):
            fine = fine and 0 <= outputs[i] < leaves + count
        if not fine:
            raise ValueError("replay: this recording describes no graph")
        return 0

    cdef int prepare(self, const Graph* of) except -1:
        """Give every node its place: a row, if it depends on the inputs, or a uniform number."""
        cdef Py_ssize_t leaves = of.leaves, slots = of.leaves + of.count
        cdef Py_ssize_t uses = of.starts[of.count]
        cdef Py_ssize_t slot, i, k
        self.code = <Instruction*>allocated(of.count * sizeof(Instruction))
        self.fixed_code = <Instruction*>allocated(of.count * sizeof(Instruction))
        self.operands = <Operand*>allocated(uses * sizeof(Operand))
        self.spread_of = <int32_t*>allocated(4 * slots * sizeof(int32_t))
        self.spread_row = self.spread_of + slots
        self.spread_adjoint = self.spread_row + slots
        self.spread_sum = self.spread_adjoint + slots
        self.sum_of = <int32_t*>allocated((slots + uses) * sizeof(int32_t))
        cdef int32_t* memory = <int32_t*>allocated((5 * slots + uses) * sizeof(int32_t))
        cdef Slots at = Slots(
            memory, memory + slots, memory + 2 * slots, memory + 3 * slots, memory + 4 * slots,
            memory + 5 * slots,
        )
        for k in range(uses):
            at.order[k] = of.operands[k]
        for slot in range(slots):
            at.spread[slot] = at.adjoint[slot] = -1
            at.varies[slot] = slot < self.inputs
            at.wanted[slot] = slot < leaves and not self.forward_only and (
                self.of_inputs if slot < self.inputs
                else not self.of_inputs and slot < self.inputs + self.parameters
            )
            if slot >= leaves:
                i = slot - leaves
                for k in range(of.starts[i], of.starts[i + 1]):
                    at.varies[slot] |= at.varies[of.operands[k]]
                    at.wanted[slot] |= at.wanted[of.operands[k]]
            if at.varies[slot]:
                at.place[slot] = next_of(&self.rows)
                if at.wanted[slot]:
                    at.adjoint[slot] = next_of(&self.adjoints)
            else:
                at.place[slot] = next_of(&self.uniforms)
                if at.wanted[slot]:
                    at.adjoint[slot] = at.place[slot]
        for i in range(of.count):
            self.put(&at, of, i)
        for i in range(self.inputs):
            self.input_adjoint[i] = at.adjoint[i]
        for i in range(self.outputs):
            slot = of.outputs[i]
            self.out_row[i] = at.place[slot] if at.varies[slot] else -1 - at.place[slot]
        self.target_adjoint = at.adjoint[of.outputs[self.target]]
        PyMem_RawFree(memory)
        return share_rows(self)

    cdef void put(self, Slots* of, const Graph* graph, Py_ssize_t i) noexcept:
        """Write the next instruction, for the i-th operation."""
        cdef Py_ssize_t slot = graph.leaves + i, first = graph.starts[i], end = graph.starts[i + 1]
        cdef int32_t op = graph.op[i]
        cdef bint varies = of.varies[slot]
        cdef Instruction* at = &self.code[self.varying] if varies else &self.fixed_code[self.fixed]
        cdef Py_ssize_t k, terms = (end - first) // 2
        cdef int32_t operand
        if varies:
            self.varying += 1
        else:
            self.fixed += 1
        at.op, at.flags, at.source = op, graph.flags[i], graph.source[i]
        at.first, at.count = <int32_t>first, <int32_t>(end - first)
        at.value, at.adjoint, at.partial = of.place[slot], of.adjoint[slot], -1
        if keeps_partials(op):
            at.partial = <int32_t>(self.rows if varies else self.uniforms)
            if varies:
                self.rows += end - first
            else:
                self.uniforms += end - first
        if op == DOT and varies and not at.flags & BIAS_FIRST:
            if any_of(of, first + terms, end - 1) == 0:  # the activities are uniform: swap
                for k in range(first, first + terms):
                    of.order[k], of.order[k + terms] = of.order[k + terms], of.order[k]
                at.flags |= SWAPPED
            if any_of(of, first, first + terms) == 0:
                at.flags |= UNIFORM_WEIGHTS
            if not of.varies[of.order[end - 1]]:
                at.flags |= UNIFORM_BIAS
        for k in range(first, end):
            operand = of.order[k]
            self.operands[k] = Operand(of.place[operand], of.adjoint[operand], False)
            if not varies or of.varies[operand]:
                continue
            if is_summed(at, k - first):
                self.operands[k].adjoint = self.sum_for(of, operand)
            else:
                self.spread_out(of, operand, &self.operands[k])

    cdef int32_t sum_for(self, Slots* of, int32_t slot) noexcept:
        """The sum over the cases for the adjoint of a uniform number; -1 if it is not wanted.

        Each use has its own: in a common sum, the order of the terms would depend on the width of
        rows.
        """
        cdef int32_t number
        if not of.wanted[slot]:
            return -1
        number = next_of(&self.sums)
        self.sum_of[number] = of.place[slot]
        return number

    cdef void spread_out(self, Slots* of, int32_t slot, Operand* use) noexcept:
        """Give a uniform number a row, for an instruction that needs its operands in rows."""
        cdef int32_t number = of.spread[slot]
        if number < 0:
            number = of.spread[slot] = next_of(&self.spreads)
            self.spread_of[number] = of.place[slot]
            self.spread_row[number] = next_of(&self.rows)
            self.spread_adjoint[number] = -1
            self.spread_sum[number] = self.sum_for(of, slot)
            if of.wanted[slot]:
                self.spread_adjoint[number] = next_of(&self.adjoints)
        use.value, use.adjoint = self.spread_row[number], self.spread_adjoint[number]
