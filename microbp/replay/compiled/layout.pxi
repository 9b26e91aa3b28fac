# The layout of a recording for replay: which nodes have rows, which are uniform, in what order.

cdef struct Slots:
    # For each node, while a recording is laid out: whether it varies and is wanted, its places.
    uint8_t* varies
    uint8_t* wanted
    int32_t* place
    int32_t* adjoint
    int32_t* spread


cdef inline bint is_summed(const Instruction* at, Py_ssize_t k) noexcept:
    """Whether a dot's operand number k is uniform, and its adjoint no row but a sum."""
    return (at.flags & UNIFORM_WEIGHTS and k < at.count // 2) or (
        at.flags & UNIFORM_BIAS and k == at.count - 1
    )


cdef inline int32_t next_of(Py_ssize_t* count) noexcept:
    count[0] += 1
    return <int32_t>(count[0] - 1)


cdef inline bint keeps_partials(int32_t op) noexcept:
    """Whether lanes.h computes an operation's partials with its value, to keep them in rows."""
    return op not in (
        ADD, SUB, MUL, DIV, NEG, ABS, EXP, SQRT, RELU, MAXIMUM, MINIMUM, WHERE_POSITIVE, DOT, TOTAL
    )


cdef inline bint any_of(const Slots* of, const int32_t* operands, Py_ssize_t count) noexcept:
    """Whether any of these operands varies."""
    cdef Py_ssize_t k
    for k in range(count):
        if of.varies[operands[k]]:
            return True
    return False


cdef void forget_layout(Layout of) noexcept:
    PyMem_RawFree(of.code)
    PyMem_RawFree(of.fixed_code)
    PyMem_RawFree(of.operands)
    PyMem_RawFree(of.fixed_operands)
    PyMem_RawFree(of.forth_steps.begin)
    PyMem_RawFree(of.back_steps.begin)
    PyMem_RawFree(of.sum_of)
    PyMem_RawFree(of.spread_of)  # and the three that follow it
    PyMem_RawFree(of.out_row)
    PyMem_RawFree(of.input_adjoint)
    of.code = of.fixed_code = NULL
    of.operands = of.fixed_operands = NULL
    of.forth_steps.begin = of.back_steps.begin = NULL
    of.sum_of = of.spread_of = of.out_row = of.input_adjoint = NULL
    of.rows = of.varying = of.fixed = of.instructions = of.uses = of.fixed_uses = 0
    of.adjoints = of.uniforms = of.sums = of.spreads = of.beside = 0


cdef class Layout(Recorded):
    """A recording laid out for several cases: forward and, for some of the leaves, backward."""

    cdef Instruction* code  # of the nodes that differ from case to case; NULL until laid out
    cdef Instruction* fixed_code  # of those that don't
    cdef Operand* operands
    cdef Operand* fixed_operands
    cdef Py_ssize_t rows, varying, fixed  # how many there are of each
    cdef Way forth_steps, back_steps  # what takes the place of some of the code: see steps.pxi
    cdef Py_ssize_t instructions  # the code that is left
    cdef Py_ssize_t beside  # dots that run side by side with the one before
    cdef Py_ssize_t uses, fixed_uses  # operands of what varies, as recorded, and of the rest
    cdef Py_ssize_t adjoints, uniforms, sums, spreads
    cdef int32_t* sum_of  # for each sum the uniform number whose adjoint it is
    cdef int32_t* spread_of  # uniform numbers that also need a row
    cdef int32_t* spread_row
    cdef int32_t* spread_adjoint
    cdef int32_t* spread_sum
    cdef int32_t* out_row  # for each output its row, or, if it is uniform, -1 - its number
    cdef int32_t target_adjoint
    cdef int32_t* input_adjoint

    def __dealloc__(self):
        forget_layout(self)  # no method: after a failed __cinit__ there are none yet

    cdef int lay_out(self) except -1:
        """Once, when several cases come: a single one is planned from the recording."""
        cdef Graph recorded, graph
        if self.code != NULL:
            return 0
        recorded = self.graph()
        graph = with_chains(&recorded, <int32_t>len(self.ops), self.inputs, self.outputs)
        try:
            self.prepare(&graph)
        except MemoryError:
            forget_layout(self)
            raise
        finally:
            if graph.code != recorded.code:
                PyMem_RawFree(<void*>graph.code)
        return 0

    cdef int prepare(self, const Graph* of) except -1:
        """Give every node its place: a row, if it depends on the inputs, or a uniform number."""
        cdef Py_ssize_t leaves = of.leaves, slots = of.leaves + of.count
        cdef Py_ssize_t slot, i
        cdef int32_t* memory = <int32_t*>allocated(slots * (3 * sizeof(int32_t) + 2))
        cdef Slots at = Slots(
            <uint8_t*>(memory + 3 * slots), <uint8_t*>(memory + 3 * slots) + slots,
            memory, memory + slots, memory + 2 * slots,
        )
        try:
            self.place_nodes(&at, of)
            for i in range(of.count):
                self.put(&at, of, i)
            for i in range(self.inputs):
                self.input_adjoint[i] = at.adjoint[i]
            for i in range(self.outputs):
                slot = of.outputs[i]
                self.out_row[i] = at.place[slot] if at.varies[slot] else -1 - at.place[slot]
            self.target_adjoint = at.adjoint[of.outputs[self.target]]
            self.fit_spreads()
            find_layers(self)
            return share_rows(self, &memory)
        finally:
            PyMem_RawFree(memory)

    cdef int place_nodes(self, Slots* at, const Graph* of) except -1:
        """Number the nodes, and make room for their instructions."""
        cdef Py_ssize_t slot, i, k, mixed = 0, varying = 0, uses = 0
        for slot in range(of.leaves + of.count):
            at.spread[slot] = at.adjoint[slot] = -1
            at.varies[slot] = slot < self.inputs
            at.wanted[slot] = slot < of.leaves and not self.forward_only and (
                self.of_inputs if slot < self.inputs
                else not self.of_inputs and slot < self.inputs + self.parameters
            )
            if slot >= of.leaves:
                i = slot - of.leaves
                for k in range(of.starts[i], of.starts[i + 1]):
                    at.varies[slot] |= at.varies[of.operands[k]]
                    at.wanted[slot] |= at.wanted[of.operands[k]]
                if at.varies[slot]:
                    varying += 1
                    uses += of.starts[i + 1] - of.starts[i]
                    for k in range(of.starts[i], of.starts[i + 1]):
                        mixed += not at.varies[of.operands[k]]
            if at.varies[slot]:
                at.place[slot] = next_of(&self.rows)
                if at.wanted[slot]:
                    at.adjoint[slot] = next_of(&self.adjoints)
            else:
                at.place[slot] = next_of(&self.uniforms)
                if at.wanted[slot]:
                    at.adjoint[slot] = at.place[slot]
        self.out_row = <int32_t*>allocated(self.outputs * sizeof(int32_t))
        self.input_adjoint = <int32_t*>allocated(self.inputs * sizeof(int32_t))
        self.code = <Instruction*>allocated(varying * sizeof(Instruction))
        self.fixed_code = <Instruction*>allocated((of.count - varying) * sizeof(Instruction))
        self.operands = <Operand*>allocated(uses * sizeof(Operand))
        uses = of.starts[of.count] - uses
        self.fixed_operands = <Operand*>allocated(uses * sizeof(Operand))
        self.sum_of = <int32_t*>allocated(mixed * sizeof(int32_t))
        mixed = min(mixed, self.uniforms)
        self.spread_of = <int32_t*>allocated(4 * mixed * sizeof(int32_t))
        self.spread_row = self.spread_of + mixed
        self.spread_adjoint = self.spread_row + mixed
        self.spread_sum = self.spread_adjoint + mixed
        return 0

    cdef void put(self, Slots* of, const Graph* graph, Py_ssize_t i) noexcept:
        """Write the next instruction, for the i-th operation."""
        cdef Node node = node_at(graph, i)
        cdef Py_ssize_t slot = graph.leaves + i, terms = node.count // 2, k
        cdef bint varies = of.varies[slot]
        cdef Instruction* at = &self.code[self.varying] if varies else &self.fixed_code[self.fixed]
        cdef Operand* use = self.operands + self.uses if varies else self.fixed_operands + self.fixed_uses
        cdef int32_t operand
        at.first = <int32_t>(self.uses if varies else self.fixed_uses)
        if varies:
            self.varying += 1
            self.uses += node.count
        else:
            self.fixed += 1
            self.fixed_uses += node.count
        at.op, at.flags, at.source = node.op, <int16_t>node.flags, node.which
        at.before = at.after = 0
        at.count, at.value, at.adjoint, at.partial = node.count, of.place[slot], of.adjoint[slot], -1
        if keeps_partials(node.op):
            at.partial = <int32_t>(self.rows if varies else self.uniforms)
            if varies:
                self.rows += node.count
            else:
                self.uniforms += node.count
        if node.op == DOT and varies:
            if not at.flags & BIAS_FIRST and not any_of(of, node.operands + terms, terms):
                at.flags |= SWAPPED  # the activities are uniform
            if at.flags & SWAPPED or not any_of(of, node.operands, terms):
                at.flags |= UNIFORM_WEIGHTS
            if node.count % 2 and not of.varies[node.operands[2 * terms]]:
                at.flags |= UNIFORM_BIAS
        for k in range(node.count):
            operand = node.operands[k]
            if at.flags & SWAPPED and k < 2 * terms:
                operand = node.operands[k + terms if k < terms else k - terms]
            use[k] = Operand(of.place[operand], of.adjoint[operand], of.adjoint[operand])
            if not varies or of.varies[operand]:
                continue
            if is_summed(at, k):
                use[k].adjoint = self.sum_for(of, operand)
            else:
                self.spread_out(of, operand, &use[k])

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

    cdef void fit_spreads(self) noexcept:
        """Give back what numbers spread out and sums don't take."""
        cdef Py_ssize_t room = self.spread_row - self.spread_of, i, k
        for k in range(1, 4):
            memmove(
                self.spread_of + k * self.spreads, self.spread_of + k * room,
                self.spreads * sizeof(int32_t),
            )
        fit(&self.spread_of, sizeof(int32_t), 4 * self.spreads)
        fit(&self.sum_of, sizeof(int32_t), self.sums)
        self.spread_row = self.spread_of + self.spreads
        self.spread_adjoint = self.spread_row + self.spreads
        self.spread_sum = self.spread_adjoint + self.spreads
