# A recording as a kernel reads it: its arrays as they lie there, checked before each look.

cdef bint is_operation(const Graph* graph, Py_ssize_t ops, Py_ssize_t uses, Py_ssize_t i) noexcept:
    """Whether the i-th recorded operation has as many operands as it takes, all before it."""
    cdef const int32_t* start = graph.starts + i
    cdef const Operation* of
    cdef Py_ssize_t k
    if not (0 <= graph.code[i] < ops and start[0] <= start[1] <= uses):
        return False
    of = &graph.operations[graph.code[i]]
    if of.operands >= 0 and of.operands != start[1] - start[0]:
        return False
    if of.op == DOT and (start[1] - start[0]) % 2 == 0:
        return False
    for k in range(start[0], start[1]):
        if not 0 <= graph.operands[k] < graph.leaves + i:
            return False
    return True


cdef class Recorded:
    """What a kernel keeps of its recording.

    of_inputs: whether to find the derivatives with respect to the inputs, in each case, or else
    with respect to the parameters, summed over the cases. target: of which output. forward_only:
    whether to find none.
    """

    cdef tuple ops
    cdef Operation* operations  # and then those that stand for chains
    cdef readonly bint of_inputs, forward_only
    cdef readonly Py_ssize_t inputs, parameters, outputs
    cdef readonly Py_ssize_t target  # the output whose derivatives are wanted
    cdef Py_ssize_t constants
    cdef HeldArray recorded_code, recorded_starts, recorded_operands, recorded_outputs
    cdef HeldArray recorded_constants

    def __cinit__(
        self, recording, bint of_inputs, Py_ssize_t target=0, bint forward_only=False
    ):
        cdef Py_ssize_t i
        cdef Operation* at
        self.recorded_code = HeldArray(recording.code, "int", 1)
        self.recorded_starts = HeldArray(recording.starts, "int", 1)
        self.recorded_operands = HeldArray(recording.operands, "int", 1)
        self.recorded_outputs = HeldArray(recording.outputs, "int", 1)
        self.recorded_constants = HeldArray(recording.constants, "float", 1)
        self.ops, self.of_inputs, self.target = recording.ops, of_inputs, target
        self.forward_only = forward_only
        self.inputs = recording.inputs
        self.parameters = len(recording.parameters)
        self.constants, self.outputs = self.recorded_constants.rows, self.recorded_outputs.rows
        i = len(self.ops)
        self.operations = <Operation*>allocated((i + CHAINS) * sizeof(Operation))
        self.operations[i + PRODUCTS] = Operation(DOT, BIAS_FIRST, -1)
        self.operations[i + SUMMANDS] = Operation(TOTAL, 0, -1)
        for i, op in enumerate(self.ops):
            at = &self.operations[i]
            at.op, at.flags = code_by_op.get(op, OTHER), 0  # whatever its name
            arity = op.arity if at.op == OTHER else BUILTINS[at.op - 1].arity
            at.operands = -1 if arity is None else arity
        self.graph()

    def __dealloc__(self):
        PyMem_RawFree(self.operations)

    cdef inline Py_ssize_t leaves(self) noexcept:
        return self.inputs + self.parameters + self.constants

    cdef Graph graph(self) except *:
        """The graph, where it is recorded: to be used before any Python runs, which could change it.

        Raises ValueError for arrays that describe none: no index is checked after this.
        """
        cdef Py_ssize_t count = self.recorded_code.rows, i
        cdef Py_ssize_t uses = self.recorded_operands.rows
        cdef Graph graph
        cdef bint fine = (
            0 <= self.inputs <= MOST_ROWS and self.parameters <= MOST_ROWS
            and self.constants <= MOST_ROWS and count <= MOST_ROWS and uses <= MOST_ROWS
            and self.recorded_starts.rows == count + 1 and self.recorded_starts.ints[0] == 0
            and self.recorded_starts.ints[count] == uses
            and self.leaves() + count + 2 * uses <= MOST_ROWS
        )
        if fine:
            graph = Graph(
                self.leaves(), count, self.operations, self.recorded_code.ints,
                self.recorded_starts.ints, self.recorded_operands.ints, self.recorded_outputs.ints,
                NULL,
            )
        for i in range(count if fine else 0):
            if not is_operation(&graph, len(self.ops), uses, i):
                fine = False
                break
        fine = fine and 0 <= self.target < self.outputs
        for i in range(self.outputs if fine else 0):
            fine = fine and 0 <= self.recorded_outputs.ints[i] < self.leaves() + count
        if not fine:
            raise ValueError("replay: this recording describes no graph")
        return graph
