# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""A recorded graph replayed over many cases: kernels for `microbp.replay.executor`, around tape.h."""

from array import array

from microbp.core import floats, grad_mode, ops

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals
from cpython.mem cimport PyMem_RawFree, PyMem_RawMalloc
from libc.math cimport NAN
from libc.stdint cimport int32_t, uint8_t, uintptr_t
from libc.string cimport memcmp, memcpy, memset, strcmp

from microbp.core.compiled.arithmetic cimport *
from microbp.replay.compiled.tape cimport *
from microbp.core.compiled.value cimport Value

cdef dict code_by_op = {op: code for code, op in enumerate(ops.BUILTINS, 1)}

WIDTHS = (1, 8, 32, 64)

cdef list unusual_modes = grad_mode.unusual

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


cdef void* allocated(Py_ssize_t size) except NULL:
    cdef void* memory = PyMem_RawMalloc(max(size, 1))
    if memory == NULL:
        raise MemoryError(f"replay: no memory for {size} bytes")
    return memory


include "layout.pxi"
include "case_blocks.pxi"
include "workspace.pxi"


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


cdef class Kernel(Layout):
    """A recording that can be replayed."""

    cdef object raised  # by an operation, and not an error: Ctrl-C
    cdef Space spare  # cached workspace, or None while in use

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
        except Exception:  # the NumPy interpreter finds out which node it was
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
        cdef int width, c, lane
        cdef Py_ssize_t i, work = 0
        cdef double* from_
        cdef double* to
        while start < end and work < PATIENCE:
            width = width_of(cases.count - start, cases.widest)
            if width != space.width:
                self.widen(space, width)
            work += self.varying * width
            if self.inputs:
                from_ = cases.data + start * self.inputs
                memcpy(tape.values, from_, self.inputs * width * sizeof(double))
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
            for c in range(tape.cases // LANES):
                for lane in range(LANES):
                    to[lane] += from_[c * LANES + lane]
            for c in range(tape.cases // LANES * LANES, tape.cases):
                to[(tape.lane + c) % LANES] += from_[c]
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


cdef bint all_finite(const double* numbers, Py_ssize_t count) noexcept:
    cdef double[8] blemish  # which stay 0 if all are finite
    cdef Py_ssize_t i
    cdef int lane
    memset(blemish, 0, sizeof(blemish))
    for i in range(count // LANES):
        for lane in range(LANES):
            blemish[lane] += numbers[i * LANES + lane] * 0.0
    for i in range(count // LANES * LANES, count):
        blemish[0] += numbers[i] * 0.0
    for lane in range(1, LANES):
        blemish[0] += blemish[lane]
    return blemish[0] == 0.0


include "runner.pxi"
