# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Replay a recorded graph over many cases: kernels for `microbp.replay.executor`, around tape.h."""

import os
from _thread import start_new_thread

from microbp._support import coerce
from microbp.core import floats, grad_mode
from microbp.core.ops import BUILTINS

cimport cython

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals
from cpython.list cimport PyList_GET_ITEM
from cpython.long cimport PyLong_AsLongAndOverflow
from cpython.mem cimport PyMem_RawCalloc, PyMem_RawFree, PyMem_RawMalloc, PyMem_RawRealloc
from cpython.object cimport PyObject
from libc.math cimport NAN
from libc.stdint cimport int16_t, int32_t, uint8_t, uint32_t, uint64_t, uintptr_t
from libc.string cimport memcmp, memcpy, memmove, memset, strcmp

from microbp.core.compiled.arithmetic cimport *
from microbp.replay.compiled.tape cimport *
from microbp.core.compiled.value cimport Value

cdef dict code_by_op = {op: code for code, op in enumerate(BUILTINS, 1)}

VECTORS = [kinds[i].name.decode() for i in range(KINDS) if is_kind(&kinds[i])]
"""The kinds of vectors that this machine has, the widest first."""


def use_vectors(name):
    """Let kernels made from now on use this kind. Raises SystemExit where it isn't there."""
    global kind_in_use
    for i in range(KINDS):
        if name in VECTORS and kinds[i].name.decode() == name:
            kind_in_use = &kinds[i]
            return
    raise SystemExit(
        f"MICROBP_VECTORS={name}: expected one that this machine has, {', '.join(VECTORS)}"
    )


def vectors():
    """The kind in use."""
    return kind_in_use.name.decode()


use_vectors(os.environ.get("MICROBP_VECTORS") or VECTORS[0])

cdef bint by_plans = True


def use_plans(bint use):
    """Whether few cases are computed by plans, or as others are: a test holds the one to the other."""
    global by_plans
    by_plans = use


cdef list unusual_modes = grad_mode.unusual

cdef enum:
    MOST_ROWS = 0x7FFFFFFF
    CHUNK = 1024  # cases that one thread sums together
    LEAST_WIDE = 32  # cases in a row, where there are as many
    WIDE = 1 << 20  # bytes of rows of more than 64 cases
    CACHED = 8 << 20  # bytes of rows that a cache holds, with others beside us
    SHORT_JOB = 1 << 13  # operations times cases, below which the GIL is kept
    MOST_THREADS = 1_000_000_000  # that may be asked for, as in program.py
    SIGNAL_CHECK = 1 << 22  # operations times cases between checks for Ctrl-C

@cython.internal
cdef class Request:
    """What a replay shall compute, and where the results go."""

    cdef bint summed
    cdef bint back
    cdef const double* weights
    cdef double* out
    cdef double* gradient
    cdef double* by_input
    cdef double sum  # of the target
    cdef bint well
    cdef int stopped  # set by one thread, looked at by others at each block of cases


cdef double* zeros(Py_ssize_t count) except NULL:
    """So many numbers; much of that takes memory only where it is used."""
    cdef void* memory = PyMem_RawCalloc(max(count, 1), sizeof(double))
    if memory == NULL:
        raise MemoryError(f"replay: no memory for {count} numbers")
    return <double*>memory


cdef int check_width(int widest) except -1:
    if widest != 1 and (widest % LANES or not LANES <= widest <= MOST_CASES):
        raise ValueError(
            f"replay: expected 1 case in a row, or a multiple of {LANES} up to {MOST_CASES}, got {widest}"
        )
    return 0


cdef void* allocated(Py_ssize_t size) except NULL:
    cdef void* memory = PyMem_RawMalloc(max(size, 1))
    if memory == NULL:
        raise MemoryError(f"replay: no memory for {size} bytes")
    return memory


include "arrays.pxi"
include "chains.pxi"
include "recorded.pxi"
include "steps.pxi"
include "layers.pxi"
include "rows.pxi"
include "layout.pxi"
include "case_blocks.pxi"
include "workspace.pxi"
include "plans.pxi"
include "single_case.pxi"


cdef int scalar_op(const Tape* tape, const Instruction* at, int width, int c) noexcept nogil:
    """An operation without vector arithmetic, for one case; False where it has no value."""
    cdef double* values = tape.values
    cdef const Operand* operand = tape.operands + at.first
    cdef double* y = values + <Py_ssize_t>at.value * width + c
    cdef double* partial = values + <Py_ssize_t>at.partial * width + c
    cdef double a, b
    if has_no_arithmetic(at.op, at.count):
        with gil:
            return (<Workspace>tape.workspace).row_by_formula(tape, at, width)
    a = values[<Py_ssize_t>operand[0].value * width + c]
    if at.count == 1:
        return of_one(<Code>at.op, a, y, partial)
    b = values[<Py_ssize_t>operand[1].value * width + c]
    return of_two(<Code>at.op, a, b, y, partial, partial + width)


cdef inline double* sum_from(Tape* tape, Py_ssize_t number) noexcept nogil:
    """The LANES numbers of a sum over the cases, from which it goes on."""
    cdef double* lanes = tape.sums + number * LANES
    if tape.lone:
        memset(lanes, 0, LANES * sizeof(double))
    return lanes


cdef inline void sum_up(Tape* tape, Py_ssize_t number) noexcept nogil:
    """After that, if no more cases come."""
    if tape.lone:
        tape.chunk_sums[number] = sum_of_lanes(tape.sums + number * LANES)


cdef class Kernel(Layout):
    """A recording that can be replayed."""

    cdef Workspace spare  # cached; None while in use
    cdef Plan* plan  # of what varies, and of what does not; made when they are first of use
    cdef Plan* fixed_plan
    cdef Plan* whole_plan  # of both, for a single case
    cdef Py_ssize_t first_weight, first_constant  # among its loads, which begin with the inputs

    def __dealloc__(self):
        forget_plan(self.plan)
        forget_plan(self.fixed_plan)
        forget_plan(self.whole_plan)

    def width_for(self, Py_ssize_t cases):
        """The width of rows for so many cases."""
        return self.width_of_rows(cases)

    def laid_out(self):
        """How many rows the layout for several cases has, and instructions that differ in each."""
        self.lay_out()
        return self.rows, self.varying

    cdef int width_of_rows(self, Py_ssize_t cases) except -1:
        """Wide ones take fewer instructions, if the cache holds them."""
        cdef int width
        if cases <= 2:
            return 1
        self.lay_out()
        width = width_of(cases, MOST_CASES) if cases <= MOST_CASES else 64
        if width > 64 and (  # in others, loops of a known length are worth more
            8 * self.beside < self.varying or self.rows * width * <Py_ssize_t>sizeof(double) > WIDE
        ):
            width = 64
        while width > LEAST_WIDE and self.rows * width * <Py_ssize_t>sizeof(double) > CACHED:
            width //= 2
        return width

    def replay(
        self, Cases cases not None, weights, out, gradient=None, by_input=None, Py_ssize_t threads=1
    ):
        """Run forward over the cases and, where derivatives are asked for, backward.

        weights: the parameters' numbers. out: takes the outputs, a row for each. gradient: takes
        the derivatives of the target with respect to the parameters, summed over the cases;
        by_input: those with respect to the inputs, in each case. Returns the target's sum, and
        whether all is finite: if not, the NumPy interpreter has to find out where.
        """
        cdef Request request = Request.__new__(Request)
        cdef Py_ssize_t count = cases.count
        cdef HeldArray numbers = HeldArray(weights, "float", 1)
        cdef HeldArray outputs = HeldArray(out, "float", 2, True)
        cdef HeldArray summed = None, in_each = None
        request.summed, request.back = gradient is not None, by_input is not None
        fits = cases.inputs == self.inputs
        fits = fits and numbers.rows == self.parameters
        fits = fits and outputs.rows == self.outputs and outputs.columns == count
        request.weights, request.out = numbers.floats, outputs.floats
        if request.summed:
            summed = HeldArray(gradient, "float", 1, True)
            fits = fits and summed.rows == self.parameters
            request.gradient = summed.floats
        if request.back:
            in_each = HeldArray(by_input, "float", 2, True)
            fits = fits and self.of_inputs
            fits = fits and in_each.rows == count and in_each.columns == self.inputs
            request.by_input = in_each.floats
        if not fits:
            raise ValueError("replay: arrays of other sizes than the program's")
        arrays = [numbers, outputs, summed, in_each] if threads > 1 else None
        self.run(cases, request, threads, arrays)
        return request.sum, request.well

    cdef int run(self, Cases cases, Request request, Py_ssize_t threads, arrays) except -1:
        """Do what the request says. All sizes fit. It points into these arrays."""
        cdef Workspace workspace
        cdef Py_ssize_t start = 0
        cdef bint alone = self.made_ready(cases)
        workspace, self.spare = self.spare, None  # two threads may replay the same kernel
        if workspace is None or workspace.widest < cases.widest:
            workspace = Workspace(self, cases.widest)
        request.well, request.stopped = True, 0
        if alone:
            workspace.take_whole_slots()
        else:
            workspace.begin(request)
        threads = min(threads, (cases.count + CHUNK - 1) // CHUNK)
        if alone:
            if self.recorded_code.rows < SHORT_JOB:
                single_case(self, workspace, cases, request)
            else:
                with nogil:
                    single_case(self, workspace, cases, request)
            workspace.raise_problem()
        elif threads > 1:
            request.well = Job(self, cases, request, arrays, workspace).run(threads)
        else:
            while start < cases.count:  # a range with a named step would be a Python object
                self.chunk(workspace, cases, start, request)
                workspace.add_up(workspace.chunk_sums)
                start += CHUNK
        if request.summed and not alone:
            workspace.finish(request, cases.count)
        request.sum = 0.0 + request.out[self.target] if alone else workspace.totals[self.sums]
        request.well = (
            request.well and workspace.well()
            and all_finite(request.out, cases.count * self.outputs)
            and (
                not request.summed
                or all_finite(&request.sum, 1) and all_finite(request.gradient, self.parameters)
            )
            and (not request.back or all_finite(request.by_input, cases.count * self.inputs))
        )
        self.spare = workspace
        return 0

    cdef bint made_ready(self, Cases cases) except -1:
        """Make the layout or the plans that these cases take; whether it is a single one's plan."""
        if by_plans and cases.count == 1:
            plan_whole(self)
            if self.whole_plan != NULL:
                return True
        self.lay_out()
        if by_plans:
            if self.fixed:
                plan_fixed(self)
            if cases.widest == 1 and self.varying and cases.count:
                plan_varying(self)
        return False

    cdef int chunk(
        self, Workspace workspace, Cases cases, Py_ssize_t start, Request request
    ) except -1:
        """Sum over the chunk of cases that begins at `start`; less of it if the request is stopped."""
        cdef Py_ssize_t end = min(start + CHUNK, cases.count), i
        cdef Tape* tape = &workspace.tape
        cdef int width = width_of(cases.count - start, cases.widest)
        tape.lone = width > 1 and width >= end - start
        if not tape.lone:
            memset(workspace.sums, 0, (self.sums + 1) * LANES * sizeof(double))
        if (self.varying + 1) * (end - start) < SHORT_JOB:
            start = self.blocks(workspace, cases, start, end, request)
        while start < end and not is_set(&request.stopped):
            with nogil:
                start = self.blocks(workspace, cases, start, end, request)
            PyErr_CheckSignals()
        workspace.raise_problem()
        for i in range(0 if tape.lone else self.sums + 1):
            workspace.chunk_sums[i] = sum_of_lanes(workspace.sums + i * LANES)
        return 0

    cdef Py_ssize_t blocks(
        self, Workspace workspace, Cases cases, Py_ssize_t start, Py_ssize_t end, Request request
    ) noexcept nogil:
        """Run blocks of cases for about a millisecond; returns the first case after them."""
        cdef Tape* tape = &workspace.tape
        cdef int width, c
        cdef bint valued
        cdef Py_ssize_t i, work = 0
        cdef double* from_
        cdef double* to
        while start < end and work < SIGNAL_CHECK and not is_set(&request.stopped):
            width = width_of(cases.count - start, cases.widest)
            if width != workspace.width:
                self.widen(workspace, width)
            work += self.varying * width
            if workspace.filling != cases.filling or workspace.first_case != start:
                workspace.filling, workspace.first_case = cases.filling, start
                if self.inputs:
                    from_ = cases.data + start * self.inputs
                    memcpy(tape.values, from_, self.inputs * width * sizeof(double))
            tape.cases = <int>min(width, cases.count - start)
            tape.lane = start % LANES
            if width == 1 and workspace.slots != NULL:
                valued = case_forward(self, workspace)
            else:
                valued = workspace.interpreter.forward(tape, scalar_op)
            if not valued:
                tape.spoiled = NAN
                return end
            self.put_outputs(workspace, request, start, cases.count)
            to = sum_from(tape, self.sums)
            from_ = request.out + self.target * cases.count + start
            add_lanes(to, from_, tape.cases // LANES * LANES)
            for c in range(tape.cases // LANES * LANES, tape.cases):
                to[(tape.lane + c) % LANES] += from_[c]
            sum_up(tape, self.sums)
            if request.summed or request.back:
                self.back(workspace, start, request)
            start += width
        return start

    cdef void put_outputs(
        self, Workspace workspace, Request request, Py_ssize_t start, Py_ssize_t count
    ) noexcept nogil:
        """The outputs of a row of cases, from `start` on, among so many in all."""
        cdef Tape* tape = &workspace.tape
        cdef Py_ssize_t i
        cdef double* to
        for i in range(self.outputs):
            to = request.out + i * count + start
            if self.out_row[i] >= 0:
                memcpy(
                    to, tape.values + <Py_ssize_t>self.out_row[i] * workspace.width,
                    tape.cases * sizeof(double),
                )
            else:
                fill_row(to, workspace.uniform[-1 - self.out_row[i]], tape.cases, 0.0, tape.cases)

    cdef void widen(self, Workspace workspace, int width) noexcept nogil:
        """Change to rows of this width."""
        cdef Py_ssize_t i
        workspace.width = width
        workspace.interpreter = interpreter(width)
        workspace.tape.width = width
        for i in range(self.spreads):
            fill_row(
                workspace.tape.values + <Py_ssize_t>self.spread_row[i] * width,
                workspace.uniform[self.spread_of[i]], width, 0.0, width,
            )

    cdef void back(self, Workspace workspace, Py_ssize_t start, Request request) noexcept nogil:
        cdef Tape* tape = &workspace.tape
        cdef int width = workspace.width, c
        cdef Py_ssize_t i
        cdef double* from_
        cdef double* to
        if self.out_row[self.target] >= 0 and self.target_adjoint >= 0:
            to = tape.adjoints + <Py_ssize_t>self.target_adjoint * width
            fill_row(to, 1.0, tape.cases, 0.0, width)
        if width == 1 and workspace.slots != NULL:
            case_back(self, workspace, workspace.sums + tape.lane, LANES)
            if request.back:
                adjoints_of_inputs(self, workspace, request.by_input + start * self.inputs)
            return
        workspace.interpreter.reverse(tape)
        if request.back:
            for i in range(self.inputs):
                to = request.by_input + start * self.inputs + i
                if self.input_adjoint[i] >= 0:
                    from_ = tape.adjoints + <Py_ssize_t>self.input_adjoint[i] * width
                    put_column(to, self.inputs, from_, tape.cases)
                else:
                    for c in range(tape.cases):
                        to[c * self.inputs] = 0.0
        for i in range(self.spreads):
            if self.spread_adjoint[i] >= 0:
                from_ = tape.adjoints + <Py_ssize_t>self.spread_adjoint[i] * width
                to = sum_from(tape, self.spread_sum[i])
                if width == 1:
                    to[tape.lane] += from_[0]
                else:
                    add_lanes(to, from_, width)
                sum_up(tape, self.spread_sum[i])


include "job.pxi"
include "runner.pxi"
