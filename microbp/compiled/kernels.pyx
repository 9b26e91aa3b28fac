# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""A recorded graph replayed over many cases: kernels for `microbp.program`, around replay.h."""

from array import array

from microbp import floats, ops

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from libc.math cimport NAN
from libc.stdint cimport int32_t, uint8_t, uintptr_t
from libc.string cimport memcpy, memset, strcmp

from microbp.compiled.arithmetic cimport *
from microbp.compiled.value cimport Value

cdef extern from "replay.h":
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
        double spoilt
        void* program
    ctypedef int (*Outsider)(const Tape*, const Instruction*, int, int) noexcept nogil
    ctypedef struct Interpreter:
        int (*forward)(Tape*, Outsider) noexcept nogil
        void (*reverse)(Tape*) noexcept nogil
    Interpreter interpreter(int width) noexcept nogil

CODES = {
    "add": ADD, "sub": SUB, "mul": MUL, "div": DIV, "neg": NEG, "pow": POW, "abs": ABS, "exp": EXP,
    "expm1": EXPM1, "log": LOG, "log1p": LOG1P, "sqrt": SQRT, "sin": SIN, "cos": COS, "tan": TAN,
    "asin": ASIN, "acos": ACOS, "atan": ATAN, "atan2": ATAN2, "sinh": SINH, "cosh": COSH,
    "tanh": TANH, "sigmoid": SIGMOID, "softplus": SOFTPLUS, "relu": RELU, "maximum": MAXIMUM,
    "minimum": MINIMUM, "where": WHERE, "hypot": HYPOT, "logaddexp": LOGADDEXP, "erf": ERF, "dot": DOT,
    "total": TOTAL, "logsumexp": LOGSUMEXP,
}

WIDTHS = (1, 8, 32, 64)

cdef enum:
    CHUNK = 1024  # cases whose sums are made together, by one thread
    ROOM = 1 << 28  # bytes of memory that wide rows may take
    BRIEF = 1 << 13  # operations and cases too few to let other threads go on meanwhile
    PATIENCE = 1 << 22  # operations and cases between two looks for Ctrl-C

cdef struct Asked:
    # What a replay is for, and where its results go.
    bint summed
    bint back
    const double* weights
    double* out
    double* gradient
    double* by_input
    double sum  # of the target
    bint well

cdef struct Slots:
    # Of each recorded node while a kernel is made: whether it varies, is wanted, its places.
    int32_t* varies
    int32_t* wanted
    int32_t* place
    int32_t* adjoint
    int32_t* spread
    int32_t* order  # of each use of a node: which


cdef struct Rows:
    # While rows are shared: the row of each adjoint, if it has one now, and those that are free.
    int32_t* of
    int32_t* free
    Py_ssize_t idle, most


cdef inline int32_t row_for(Rows* rows, int32_t adjoint) noexcept:
    if rows.of[adjoint] < 0:
        if rows.idle:
            rows.idle -= 1
            rows.of[adjoint] = rows.free[rows.idle]
        else:
            rows.of[adjoint] = next_of(&rows.most)
    return rows.of[adjoint]


cdef inline bint is_summed(const Instruction* at, Py_ssize_t k) noexcept:
    """Whether a dot's operand number k is uniform, and its adjoint no row but a sum."""
    return (at.flags & UNIFORM_WEIGHTS and k < at.count // 2) or (
        at.flags & UNIFORM_BIAS and k == at.count - 1
    )


cdef inline Py_ssize_t nth_passed_on(const Instruction* at, Py_ssize_t n) noexcept:
    """To which operand the reverse sweep passes on in its n-th step, as lanes.h has it."""
    if at.op != DOT or n == at.count - 1:
        return n
    return n // 2 if n % 2 else at.count // 2 + n // 2


cdef int code_of(op):
    """OTHER too for an operation of another's making that has the name of one of the table."""
    return CODES[op.name] if op.name in CODES and ops.table[op.name] is op else OTHER


cdef void* allocated(Py_ssize_t size) except NULL:
    cdef void* memory = PyMem_RawMalloc(max(size, 1))
    if memory == NULL:
        raise MemoryError(f"replay: no memory for {size} bytes")
    return memory


cdef int outsider(const Tape* tape, const Instruction* at, int width, int c) noexcept nogil:
    """An operation that has no vector arithmetic; False where its value is for others to judge."""
    cdef double* values = tape.values
    cdef const Operand* operand = tape.operands + at.first
    cdef double* y = values + <Py_ssize_t>at.value * width + c
    cdef double* partial = values + <Py_ssize_t>at.partial * width + c
    cdef double a, b
    if at.op == OTHER:
        with gil:
            return (<Kernel>tape.program).by_formula(tape, at, width)
    a = values[<Py_ssize_t>operand[0].value * width + c]
    if at.count == 1:
        return of_one(<Code>at.op, a, y, partial)
    b = values[<Py_ssize_t>operand[1].value * width + c]
    return of_two(<Code>at.op, a, b, y, partial, partial + width)


cdef class Kernel:
    """A recording made ready for replay, forwards and, for the leaves that are wanted, backwards.

    recording: what `microbp.recording` made of a graph. of_inputs: whether the derivatives wanted
    are those by the inputs, in each case, or those by the parameters, summed over the cases.
    target: of which output.
    """

    cdef tuple ops
    cdef object recorded  # for each recorded operation the number of its op
    cdef object raised  # by an operation, and not an error: Ctrl-C
    cdef readonly bint of_inputs
    cdef readonly Py_ssize_t inputs, parameters, outputs
    cdef Py_ssize_t constants
    cdef Instruction* code  # of the nodes that differ from case to case
    cdef Instruction* fixed_code  # of those that don't
    cdef Operand* operands
    cdef readonly Py_ssize_t varying, fixed  # how many there are of each
    cdef Py_ssize_t rows, adjoint_rows, uniforms, sums, spreads
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
    cdef Space spare  # one that nobody uses now

    def __cinit__(self, recording, bint of_inputs, Py_ssize_t target=0):
        cdef const int32_t[::1] code = recording.code
        cdef const int32_t[::1] starts = recording.starts
        cdef const int32_t[::1] operands = recording.operands
        cdef const int32_t[::1] outputs = recording.outputs
        cdef const double[::1] constants = recording.constants
        cdef Py_ssize_t count = code.shape[0], i
        self.ops, self.recorded = recording.ops, recording.code[:]
        self.of_inputs, self.target = of_inputs, target
        self.inputs = recording.inputs
        self.parameters = len(recording.parameters)
        self.constants = constants.shape[0]
        self.outputs = outputs.shape[0]
        self.check(code, starts, operands, outputs)
        self.code = <Instruction*>allocated(count * sizeof(Instruction))
        self.fixed_code = <Instruction*>allocated(count * sizeof(Instruction))
        self.operands = <Operand*>allocated(operands.shape[0] * sizeof(Operand))
        self.constant = <double*>allocated(self.constants * sizeof(double))
        for i in range(self.constants):
            self.constant[i] = constants[i]
        self.out_row = <int32_t*>allocated(self.outputs * sizeof(int32_t))
        self.input_adjoint = <int32_t*>allocated(self.inputs * sizeof(int32_t))
        self.prepare([code_of(op) for op in self.ops], code, starts, operands, outputs)

    def __dealloc__(self):
        PyMem_RawFree(self.code)
        PyMem_RawFree(self.fixed_code)
        PyMem_RawFree(self.operands)
        PyMem_RawFree(self.constant)
        PyMem_RawFree(self.sum_of)
        PyMem_RawFree(self.spread_of)  # and the three that follow it
        PyMem_RawFree(self.out_row)
        PyMem_RawFree(self.input_adjoint)

    cdef int check(
        self, const int32_t[::1] code, const int32_t[::1] starts, const int32_t[::1] operands,
        const int32_t[::1] outputs,
    ) except -1:
        """ValueError where these arrays are not those of a graph: no index is checked after this."""
        cdef Py_ssize_t leaves = self.inputs + self.parameters + self.constants, i, k
        cdef bint fine = (
            self.inputs >= 0 and starts.shape[0] == code.shape[0] + 1 and starts[0] == 0
            and starts[code.shape[0]] == operands.shape[0]
        )
        counts = [op.arity for op in self.ops]
        for i in range(code.shape[0] if fine else 0):
            fine = 0 <= code[i] < len(counts) and starts[i] <= starts[i + 1] <= operands.shape[0]
            if not fine:
                break
            count = counts[code[i]]
            if count is not None:
                fine = count == starts[i + 1] - starts[i]
            elif self.ops[code[i]].name == "dot":
                fine = (starts[i + 1] - starts[i]) % 2 == 1
            for k in range(starts[i], starts[i + 1]):
                fine = fine and 0 <= operands[k] < leaves + i
            if not fine:
                break
        fine = fine and 0 <= self.target < self.outputs
        for i in range(self.outputs):
            fine = fine and 0 <= outputs[i] < leaves + code.shape[0]
        if not fine:
            raise ValueError("replay: this recording is of no graph")
        return 0

    cdef int prepare(
        self, list codes, const int32_t[::1] code, const int32_t[::1] starts,
        const int32_t[::1] operands, const int32_t[::1] outputs,
    ) except -1:
        """Give every node its place: a row, if it depends on the inputs, or a uniform number."""
        cdef Py_ssize_t leaves = self.inputs + self.parameters + self.constants
        cdef Py_ssize_t slots = leaves + code.shape[0]
        cdef Py_ssize_t uses = operands.shape[0]
        cdef Py_ssize_t slot, i, k
        cdef int32_t* memory = <int32_t*>allocated((5 * slots + uses) * sizeof(int32_t))
        cdef Slots at = Slots(
            memory, memory + slots, memory + 2 * slots, memory + 3 * slots, memory + 4 * slots,
            memory + 5 * slots,
        )
        for k in range(uses):
            at.order[k] = operands[k]
        for slot in range(slots):
            at.spread[slot] = at.adjoint[slot] = -1
            at.varies[slot] = slot < self.inputs
            at.wanted[slot] = slot < leaves and (
                self.of_inputs if slot < self.inputs
                else not self.of_inputs and slot < self.inputs + self.parameters
            )
            if slot >= leaves:
                i = slot - leaves
                for k in range(starts[i], starts[i + 1]):
                    at.varies[slot] |= at.varies[operands[k]]
                    at.wanted[slot] |= at.wanted[operands[k]]
            if at.varies[slot]:
                at.place[slot] = next_of(&self.rows)
                if at.wanted[slot]:
                    at.adjoint[slot] = next_of(&self.adjoint_rows)
            else:
                at.place[slot] = next_of(&self.uniforms)
                if at.wanted[slot]:
                    at.adjoint[slot] = at.place[slot]
        self.spread_of = <int32_t*>allocated(4 * slots * sizeof(int32_t))
        self.spread_row = self.spread_of + slots
        self.spread_adjoint = self.spread_row + slots
        self.spread_sum = self.spread_adjoint + slots
        self.sum_of = <int32_t*>allocated((slots + uses) * sizeof(int32_t))
        for i in range(code.shape[0]):
            self.put(&at, leaves + i, codes[code[i]], <int32_t>i, starts[i], starts[i + 1])
        for i in range(self.inputs):
            self.input_adjoint[i] = at.adjoint[i]
        for i in range(self.outputs):
            slot = outputs[i]
            self.out_row[i] = at.place[slot] if at.varies[slot] else -1 - at.place[slot]
        self.target_adjoint = at.adjoint[outputs[self.target]]
        PyMem_RawFree(memory)
        return self.share_rows()

    cdef int share_rows(self) except -1:
        """Let adjoints share rows, so that few are in use at a time, and skip what gets none.

        An adjoint has a row from where the reverse sweep first adds to it until it was passed on.
        Those of inputs and of what was spread out keep theirs.
        """
        cdef Py_ssize_t count = self.adjoint_rows, i, k
        cdef Instruction* at
        cdef Operand* use
        cdef Rows rows
        rows.of = <int32_t*>allocated(2 * count * sizeof(int32_t))
        rows.free, rows.idle, rows.most = rows.of + count, 0, 0
        for i in range(count):
            rows.of[i] = -1
        if self.out_row[self.target] >= 0 and self.target_adjoint >= 0:
            self.target_adjoint = row_for(&rows, self.target_adjoint)
        for i in range(self.varying - 1, -1, -1):
            at = &self.code[i]
            if at.adjoint >= 0:
                at.adjoint = rows.of[at.adjoint]
            if at.adjoint < 0:
                continue
            for k in range(at.count):
                use = &self.operands[at.first + nth_passed_on(at, k)]
                if use.adjoint >= 0 and not is_summed(at, nth_passed_on(at, k)):
                    use.fresh = rows.of[use.adjoint] < 0
                    use.adjoint = row_for(&rows, use.adjoint)
            rows.free[rows.idle] = at.adjoint
            rows.idle += 1
        for i in range(self.inputs):
            if self.input_adjoint[i] >= 0:
                self.input_adjoint[i] = rows.of[self.input_adjoint[i]]
        for i in range(self.spreads):
            if self.spread_adjoint[i] >= 0:
                self.spread_adjoint[i] = rows.of[self.spread_adjoint[i]]
        self.adjoint_rows = rows.most
        PyMem_RawFree(rows.of)
        return 0

    cdef void put(
        self, Slots* of, Py_ssize_t slot, int32_t op, int32_t source, Py_ssize_t first,
        Py_ssize_t end,
    ) noexcept:
        """The next instruction: the recorded operation `source`, whose node is in this slot."""
        cdef bint varies = of.varies[slot]
        cdef Instruction* at = &self.code[self.varying] if varies else &self.fixed_code[self.fixed]
        cdef Py_ssize_t k, terms = (end - first) // 2
        cdef int32_t operand
        if varies:
            self.varying += 1
        else:
            self.fixed += 1
        at.op, at.flags, at.source = op, 0, source
        at.first, at.count = <int32_t>first, <int32_t>(end - first)
        at.value, at.adjoint, at.partial = of.place[slot], of.adjoint[slot], -1
        if keeps_partials(op):
            at.partial = <int32_t>(self.rows if varies else self.uniforms)
            if varies:
                self.rows += end - first
            else:
                self.uniforms += end - first
        if op == DOT and varies:
            if any_of(of, first + terms, end - 1) == 0:  # the activities are uniform: swap
                for k in range(first, first + terms):
                    of.order[k], of.order[k + terms] = of.order[k + terms], of.order[k]
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
        """Where the adjoint of a uniform number is added up over the cases; -1 if not wanted.

        Each use has a sum of its own: in a common one, the order of the terms would depend on how
        many cases a row has.
        """
        cdef int32_t number
        if not of.wanted[slot]:
            return -1
        number = next_of(&self.sums)
        self.sum_of[number] = of.place[slot]
        return number

    cdef void spread_out(self, Slots* of, int32_t slot, Operand* use) noexcept:
        """A uniform number as the operand of an instruction that wants a row."""
        cdef int32_t number = of.spread[slot]
        if number < 0:
            number = of.spread[slot] = next_of(&self.spreads)
            self.spread_of[number] = of.place[slot]
            self.spread_row[number] = next_of(&self.rows)
            self.spread_adjoint[number] = -1
            self.spread_sum[number] = self.sum_for(of, slot)
            if of.wanted[slot]:
                self.spread_adjoint[number] = next_of(&self.adjoint_rows)
        use.value, use.adjoint = self.spread_row[number], self.spread_adjoint[number]

    cdef int by_formula(self, const Tape* tape, const Instruction* at, int width) noexcept:
        """An operation as the table, or its user, states it; False where that raises."""
        cdef double* values = tape.values
        cdef const Operand* operand = tape.operands + at.first
        cdef Py_ssize_t i
        cdef int c
        try:
            op = self.ops[self.recorded[at.source]]
            for c in range(width):
                if c < tape.cases:
                    xs = [
                        values[<Py_ssize_t>operand[i].value * width + c] for i in range(at.count)
                    ]
                    if op.domain is not None and not op.domain.holds(*xs):
                        return False
                    y = op.value(floats, *xs)
                    partials = tuple(op.partials(floats, y, *xs))
                    if len(partials) != at.count:  # an index is not checked here
                        return False
                values[<Py_ssize_t>at.value * width + c] = y
                for i in range(at.count):
                    values[<Py_ssize_t>(at.partial + i) * width + c] = partials[i]
        except Exception:  # whoever asked for the replay asks again, slowly, and is told
            return False
        except BaseException as error:
            self.raised = error
            return False
        return True

    cpdef int width_for(self, Py_ssize_t cases) noexcept:
        """How many cases side by side at most: as many as there are, if memory allows."""
        if cases <= 2:
            return 1
        if cases <= LANES or (self.rows + self.adjoint_rows) * MOST_CASES * 8 > ROOM:
            return LANES
        return 32 if cases <= 40 else MOST_CASES

    def replay(
        self, Cases cases not None, const double[::1] weights not None,
        double[:, ::1] out not None, double[::1] gradient=None,
        double[:, ::1] by_input=None, Py_ssize_t threads=1,
    ):
        """Forwards over the cases and, where a derivative has a place to go, backwards.

        weights: the parameters. out: takes the outputs, a row for each. gradient: takes the derivatives,
        summed over the cases, of the kernel's target; by_input: its derivatives in each case.
        Returns that output's own sum, and whether all went well: where not, something was not
        finite or had no value, and the slow way has to tell.
        """
        cdef Asked asked = Asked(
            gradient is not None, by_input is not None, NULL, NULL, NULL, NULL, 0.0, True
        )
        cdef Py_ssize_t count = cases.count
        fits = cases.inputs == self.inputs
        fits = fits and weights.shape[0] == self.parameters
        fits = fits and (gradient is None or gradient.shape[0] == self.parameters)
        fits = fits and out.shape[0] == self.outputs and out.shape[1] == count
        fits = fits and (by_input is None or self.of_inputs)
        if not fits or by_input is not None and (
            by_input.shape[0] != count or by_input.shape[1] != self.inputs
        ):
            raise ValueError("replay: arrays of other sizes than the program's")
        if self.parameters:
            asked.weights = &weights[0]
            asked.gradient = &gradient[0] if asked.summed else NULL
        if count:
            asked.out = &out[0, 0]
            asked.by_input = &by_input[0, 0] if asked.back and self.inputs else NULL
        self.run(cases, &asked, threads)
        return asked.sum, asked.well

    cdef int run(self, Cases cases, Asked* asked, Py_ssize_t threads=1) except -1:
        """Do what is asked. All sizes fit."""
        cdef Space space = self.spare
        cdef Py_ssize_t start
        self.spare = None  # two threads may replay the same kernel
        if space is None or space.widest < cases.widest:
            space = Space(self, cases.widest)
        space.begin(asked)
        asked.well = True
        threads = min(threads, (cases.count + CHUNK - 1) // CHUNK)
        if threads > 1:
            asked.well = self.side_by_side(space, cases, asked, threads)
        else:
            for start in range(0, cases.count, CHUNK):
                self.chunk(space, cases, start, asked)
                space.add_up(space.chunk_sums)
        if asked.summed:
            space.finish(asked, cases.count)
        if self.raised is not None:
            error, self.raised = self.raised, None
            raise error
        asked.sum = space.totals[self.sums]
        asked.well = (
            asked.well and space.well()
            and all_finite(asked.out, cases.count * self.outputs)
            and (
                not asked.summed
                or all_finite(&asked.sum, 1) and all_finite(asked.gradient, self.parameters)
            )
            and (not asked.back or all_finite(asked.by_input, cases.count * self.inputs))
        )
        self.spare = space
        return 0

    cdef bint side_by_side(
        self, Space first, Cases cases, Asked* asked, threads
    ) except -1:
        """Chunks by several threads, added up in the chunks' own order."""
        from concurrent.futures import ThreadPoolExecutor

        cdef uintptr_t what = <uintptr_t>asked
        spaces = [Space(self, cases.widest) for _ in range(threads)]
        for space in spaces:
            (<Space>space).begin(asked)

        def job(start):
            space = spaces.pop()
            try:
                self.chunk(space, cases, start, <Asked*><uintptr_t>what)
                return (<Space>space).sums_of_chunk()
            finally:
                spaces.append(space)

        cdef double[::1] sums
        with ThreadPoolExecutor(threads) as pool:
            for sums in pool.map(job, range(0, cases.count, CHUNK)):
                first.add_up(&sums[0])
        return all([(<Space>space).well() for space in spaces])

    cdef int chunk(self, Space space, Cases cases, Py_ssize_t start, Asked* asked) except -1:
        """The sums over the cases from `start` on that belong together."""
        cdef Py_ssize_t end = min(start + CHUNK, cases.count), i
        cdef double* eight
        memset(space.sums, 0, (self.sums + 1) * LANES * sizeof(double))
        if (self.varying + 1) * (end - start) < BRIEF:
            start = self.some(space, cases, start, end, asked)
        while start < end:
            with nogil:
                start = self.some(space, cases, start, end, asked)
            PyErr_CheckSignals()
        for i in range(self.sums + 1):
            eight = space.sums + i * LANES
            space.chunk_sums[i] = (
                ((eight[0] + eight[1]) + (eight[2] + eight[3]))
                + ((eight[4] + eight[5]) + (eight[6] + eight[7]))
            )
        return 0

    cdef Py_ssize_t some(
        self, Space space, Cases cases, Py_ssize_t start, Py_ssize_t end, Asked* asked
    ) noexcept nogil:
        """As many blocks as take about a millisecond; returns the first case after them."""
        cdef Tape* tape = &space.tape
        cdef int width, c
        cdef Py_ssize_t i, work = 0
        cdef double* from_
        cdef double* to
        while start < end and work < PATIENCE:
            width = width_of(cases.count - start, cases.widest)
            if width != space.width:
                self.widen(space, width)
            work += self.varying * width
            memcpy(tape.values, cases.data + start * self.inputs, self.inputs * width * sizeof(double))
            tape.cases = <int>min(width, cases.count - start)
            tape.lane = start % LANES
            if not space.interpreter.forward(tape, outsider):
                tape.spoilt = NAN
                return end
            for i in range(self.outputs):
                to = asked.out + i * cases.count + start
                if self.out_row[i] >= 0:
                    from_ = tape.values + <Py_ssize_t>self.out_row[i] * width
                    memcpy(to, from_, tape.cases * sizeof(double))
                else:
                    for c in range(tape.cases):
                        to[c] = space.uniform[-1 - self.out_row[i]]
            to = space.sums + self.sums * LANES
            from_ = asked.out + self.target * cases.count + start
            for c in range(tape.cases):
                to[(tape.lane + c) & (LANES - 1)] += from_[c]
            if asked.summed or asked.back:
                self.back(space, start, asked)
            start += width
        return start

    cdef void widen(self, Space space, int width) noexcept nogil:
        """Go over to rows of this width."""
        cdef Py_ssize_t i
        cdef int c
        cdef double* row
        space.width = width
        space.interpreter = interpreter(width)
        for i in range(self.spreads):
            row = space.tape.values + <Py_ssize_t>self.spread_row[i] * width
            for c in range(width):
                row[c] = space.uniform[self.spread_of[i]]

    cdef void back(self, Space space, Py_ssize_t start, Asked* asked) noexcept nogil:
        cdef Tape* tape = &space.tape
        cdef int width = space.width, c
        cdef Py_ssize_t i
        cdef double* from_
        cdef double* to
        if self.out_row[self.target] >= 0 and self.target_adjoint >= 0:
            to = tape.adjoints + <Py_ssize_t>self.target_adjoint * width
            for c in range(width):
                to[c] = 1.0 if c < tape.cases else 0.0
        space.interpreter.reverse(tape)
        if asked.back:
            for i in range(self.inputs):
                from_ = tape.adjoints + <Py_ssize_t>max(self.input_adjoint[i], 0) * width
                for c in range(tape.cases):
                    asked.by_input[(start + c) * self.inputs + i] = (
                        from_[c] if self.input_adjoint[i] >= 0 else 0.0
                    )
        for i in range(self.spreads):
            if self.spread_adjoint[i] >= 0:
                from_ = tape.adjoints + <Py_ssize_t>self.spread_adjoint[i] * width
                to = space.sums + <Py_ssize_t>self.spread_sum[i] * LANES
                if width == 1:
                    to[tape.lane] += from_[0]
                else:
                    for c in range(width):
                        to[c % LANES] += from_[c]


cdef class Cases:
    """Cases as the kernels want them: row by row, each block's first input, then its second, ...

    widest: how many cases a block has at most. The last one is filled up with copies of its last.
    """

    cdef readonly Py_ssize_t count, inputs
    cdef readonly int widest
    cdef double* data
    cdef Py_ssize_t room

    def __cinit__(self, const double[:, ::1] cases not None, int widest):
        if widest not in WIDTHS:
            raise ValueError(f"cases: expected a width among {WIDTHS}, got {widest}")
        self.widest, self.inputs = widest, cases.shape[1]
        self.fill(&cases[0, 0] if cases.shape[0] and cases.shape[1] else NULL, cases.shape[0])

    def __dealloc__(self):
        PyMem_RawFree(self.data)

    cdef int fill(self, const double* table, Py_ssize_t count) except -1:
        """Take so many cases, which lie one after the other."""
        cdef Py_ssize_t inputs = self.inputs, start = 0, i
        cdef Py_ssize_t size = (count + MOST_CASES) * inputs
        cdef int width, c, real
        cdef const double* from_
        cdef double* to = self.data
        if size > self.room:
            to = <double*>allocated(size * sizeof(double))
            PyMem_RawFree(self.data)
            self.data, self.room = to, size
        self.count = count
        while start < count:
            width = width_of(count - start, self.widest)
            real = <int>min(width, count - start)
            for i in range(inputs):
                from_ = table + start * inputs + i
                for c in range(real):
                    to[c] = from_[c * inputs]
                for c in range(real, width):
                    to[c] = to[real - 1]
                to += width
            start += width
        return 0


cdef inline int width_of(Py_ssize_t cases, int widest) noexcept nogil:
    """How many cases of those left are to lie side by side next."""
    if widest == 1 or cases == 1:
        return 1
    if widest >= 64 and cases > 40:
        return 64
    if widest >= 32 and cases > 8:
        return 32
    return 8


cdef class Space:
    """The memory of one replay of a kernel, which one thread uses at a time."""

    cdef void* kernel  # borrowed: a kernel keeps a spare space, and outlives all of its spaces
    cdef int widest
    cdef int width  # of the rows as they are now; 0 where they are not made
    cdef Interpreter interpreter  # for that width
    cdef Interpreter single
    cdef Tape tape  # of the nodes that differ from case to case
    cdef Tape fixed  # of the others
    cdef void* memory
    cdef double* uniform
    cdef double* sums  # LANES numbers each; the last are the target's
    cdef double* chunk_sums
    cdef double* totals

    def __cinit__(self, Kernel kernel not None, int widest):
        cdef Py_ssize_t rows = kernel.rows * widest, adjoint_rows = kernel.adjoint_rows * widest
        cdef Py_ssize_t sums = (kernel.sums + 1) * LANES
        cdef Py_ssize_t size = (
            rows + adjoint_rows + sums + 2 * kernel.uniforms + 2 * (kernel.sums + 1) + 4 * LANES
        )
        cdef double* at
        if widest not in WIDTHS:
            raise ValueError(f"replay: expected a width among {WIDTHS}, got {widest}")
        self.kernel = <void*>kernel
        self.widest = widest
        self.single = interpreter(1)
        self.memory = allocated(size * sizeof(double))
        memset(self.memory, 0, size * sizeof(double))
        at = <double*>((<uintptr_t>self.memory + 63) // 64 * 64)
        self.sums = at
        at += sums
        self.tape.values, self.tape.adjoints = at, at + in_lanes(rows)
        at += in_lanes(rows) + in_lanes(adjoint_rows)
        self.uniform, self.fixed.adjoints = at, at + kernel.uniforms
        self.chunk_sums = at + 2 * kernel.uniforms
        self.totals = self.chunk_sums + kernel.sums + 1
        self.fixed.values = self.uniform
        self.tape.uniform, self.tape.sums = self.uniform, self.sums
        self.tape.code, self.tape.count = kernel.code, kernel.varying
        self.fixed.code, self.fixed.count = kernel.fixed_code, kernel.fixed
        self.tape.operands = self.fixed.operands = kernel.operands
        self.tape.program = self.fixed.program = <void*>kernel
        self.fixed.cases = 1

    def __dealloc__(self):
        PyMem_RawFree(self.memory)

    cdef int begin(self, Asked* asked) except -1:
        """Compute what is the same in every case."""
        cdef Kernel of = <Kernel>self.kernel
        cdef Py_ssize_t i
        self.tape.spoilt = self.fixed.spoilt = 0.0
        memset(self.totals, 0, (of.sums + 1) * sizeof(double))
        for i in range(of.parameters):
            self.uniform[i] = asked.weights[i]
        for i in range(of.constants):
            self.uniform[of.parameters + i] = of.constant[i]
        if of.fixed and not self.single.forward(&self.fixed, outsider):
            self.fixed.spoilt = NAN
        self.width = 0
        return 0

    cdef bint well(self) noexcept:
        return self.tape.spoilt == 0.0 and self.fixed.spoilt == 0.0

    cdef void add_up(self, double* sums) noexcept:
        cdef Py_ssize_t i
        for i in range((<Kernel>self.kernel).sums + 1):
            self.totals[i] += sums[i]

    cdef object sums_of_chunk(self):
        return array("d", [self.chunk_sums[i] for i in range((<Kernel>self.kernel).sums + 1)])

    cdef int finish(self, Asked* asked, Py_ssize_t cases) except -1:
        """Back from the sums over the cases through what is the same in all of them."""
        cdef Kernel of = <Kernel>self.kernel
        cdef Py_ssize_t i
        memset(self.fixed.adjoints, 0, of.uniforms * sizeof(double))
        for i in range(of.sums):
            self.fixed.adjoints[of.sum_of[i]] += self.totals[i]
        if of.out_row[of.target] < 0 and of.target_adjoint >= 0:
            self.fixed.adjoints[-1 - of.out_row[of.target]] += cases
        if of.fixed:
            self.single.reverse(&self.fixed)
        for i in range(of.parameters):
            asked.gradient[i] = self.fixed.adjoints[i]
        return 0


cdef inline Py_ssize_t in_lanes(Py_ssize_t numbers) noexcept:
    return (numbers + LANES - 1) // LANES * LANES


cdef inline int32_t next_of(Py_ssize_t* count) noexcept:
    count[0] += 1
    return <int32_t>(count[0] - 1)


cdef inline bint keeps_partials(int32_t op) noexcept:
    """Whether lanes.h computes an operation's partials with its value, to keep them in rows."""
    return op not in (
        ADD, SUB, MUL, DIV, NEG, ABS, EXP, SQRT, RELU, MAXIMUM, MINIMUM, WHERE, DOT, TOTAL
    )


cdef inline bint any_of(Slots* of, Py_ssize_t first, Py_ssize_t end) noexcept:
    """Whether any of these operands varies."""
    cdef Py_ssize_t k
    for k in range(first, end):
        if of.varies[of.order[k]]:
            return True
    return False


cdef bint all_finite(const double* numbers, Py_ssize_t count) noexcept:
    cdef double blemish = 0.0
    cdef Py_ssize_t i
    for i in range(count):
        blemish += numbers[i] * 0.0
    return blemish == 0.0


def read(list parameters not None, double[::1] numbers not None):
    """Set numbers to the data of these leaves."""
    cdef Py_ssize_t i
    if len(parameters) != numbers.shape[0]:
        raise ValueError(f"read: {len(parameters)} leaves but {numbers.shape[0]} numbers")
    for i in range(len(parameters)):
        numbers[i] = (<Value?>parameters[i]).data_


cdef class Sweeper:
    """Sweeps over any cases, adding to the parameters' gradients; for one thread at a time."""

    cdef Kernel kernel
    cdef Cases cases
    cdef list parameters
    cdef double[::1] weights, gradient, out
    cdef Asked asked
    cdef bint busy

    def __cinit__(self, Kernel kernel not None, list parameters not None, *_):
        if len(parameters) != kernel.parameters:
            raise ValueError(f"{len(parameters)} leaves for {kernel.parameters} parameters")
        self.kernel = kernel
        self.parameters = list(parameters)  # which nobody else can change
        self.weights = array("d", bytes(8 * kernel.parameters))
        self.gradient = array("d", bytes(8 * kernel.parameters))
        self.out = array("d")
        read(self.parameters, self.weights)  # which sees that they are Values
        self.asked = Asked(True, False, NULL, NULL, NULL, NULL, 0.0, True)
        if kernel.parameters:
            self.asked.weights, self.asked.gradient = &self.weights[0], &self.gradient[0]

    cdef int run(self, Py_ssize_t threads=1) except -1:
        """Replay the cases from the parameters' numbers as they are now."""
        if self.busy:  # another thread, or an operation of someone's own that comes back here
            raise RuntimeError("replay: this sweep is under way already")
        self.busy = True
        try:
            self.read()
            self.kernel.run(self.cases, &self.asked, threads)
        finally:
            self.busy = False
        return 0

    cdef void read(self) noexcept:
        cdef Py_ssize_t i
        for i in range(self.kernel.parameters):
            self.weights[i] = (<Value>self.parameters[i]).data_

    def sweep(self, cases, Py_ssize_t threads=1):
        """E and whether all went well; only then the gradients change.

        None if the cases are no array of floats in C's order with a column for each input.
        """
        cdef Py_buffer table
        cdef Py_ssize_t i, count
        if self.busy:
            raise RuntimeError("replay: this sweep is under way already")
        try:
            PyObject_GetBuffer(cases, &table, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS)
        except (TypeError, ValueError, BufferError):
            return None
        try:
            if (
                table.ndim != 2 or table.shape[1] != self.kernel.inputs
                or table.itemsize != sizeof(double) or strcmp(table.format, b"d") != 0
            ):
                return None
            count = table.shape[0]
            if self.cases is None or self.cases.widest != self.kernel.width_for(count):
                self.cases = Cases(cases, self.kernel.width_for(count))
            else:
                self.cases.fill(<const double*>table.buf, count)
        finally:
            PyBuffer_Release(&table)
        if self.out.shape[0] < count * self.kernel.outputs:
            self.out = array("d", bytes(8 * count * self.kernel.outputs))
        self.asked.out = &self.out[0] if count else NULL
        self.run(threads)
        if self.asked.well:
            for i in range(self.kernel.parameters):
                (<Value>self.parameters[i]).grad_ += self.gradient[i]
        return self.asked.sum, self.asked.well


cdef class Training(Sweeper):
    """Sweeps of training over the same cases: each sets the parameters' gradients.

    out: takes the outputs, a row for each. targets: for each output after the first a row with what
    it should be on the same side of 0.5 as.
    """

    cdef double[:, ::1] results
    cdef const double[:, ::1] targets
    cdef uint8_t[::1] wrong

    def __cinit__(
        self, Kernel kernel not None, list parameters not None, const double[:, ::1] table not None,
        double[:, ::1] out not None, const double[:, ::1] targets not None,
    ):
        cdef Py_ssize_t count = table.shape[0]
        self.results, self.targets = out, targets
        fits = self.results.shape[0] == kernel.outputs and self.results.shape[1] == count
        fits = fits and self.targets.shape[0] <= kernel.outputs - 1
        fits = fits and self.targets.shape[1] == count
        if not (fits and table.shape[1] == kernel.inputs):
            raise ValueError("training: arrays of other sizes than the program's")
        self.cases = Cases(table, kernel.width_for(count))
        self.wrong = bytearray(max(count, 1))
        self.asked.out = &self.results[0, 0] if count else NULL

    def sweep(self):
        """The error summed over the cases, how many come out right, and whether all went well."""
        cdef Py_ssize_t i
        self.run()
        for i in range(self.kernel.parameters):
            (<Value>self.parameters[i]).grad_ = self.gradient[i]
        return self.asked.sum, self.right() if self.cases.count else 0, self.asked.well

    cdef Py_ssize_t right(self) noexcept:
        """How many cases have every output on the right side."""
        cdef Py_ssize_t count = self.targets.shape[1], case, i, found = 0
        cdef uint8_t* wrong = &self.wrong[0]
        cdef const double* y
        cdef const double* d
        memset(wrong, 0, count)
        for i in range(self.targets.shape[0]):
            y, d = &self.results[i + 1, 0], &self.targets[i, 0]
            for case in range(count):
                wrong[case] |= not (y[case] - 0.5) * (d[case] - 0.5) > 0.0
        for case in range(count):
            found += not wrong[case]
        return found
