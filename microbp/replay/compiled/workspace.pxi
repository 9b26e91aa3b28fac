# The memory of a replay.

cdef class Workspace:
    """The memory of one replay of a kernel, for one thread at a time."""

    cdef void* kernel  # borrowed: a kernel outlives its workspaces
    cdef int widest
    cdef int width  # of the rows at present; 0 if there are none yet
    cdef Interpreter interpreter  # for that width
    cdef Interpreter single
    cdef Tape tape  # of the nodes that differ from case to case
    cdef Tape fixed  # of the others
    cdef void* memory
    cdef double* uniform
    cdef double* sums  # LANES numbers each; the last are the target's
    cdef double* chunk_sums
    cdef double* totals
    cdef double* slots  # of the plans; NULL without
    cdef double* fixed_slots
    cdef double* whole_slots
    cdef uint64_t filling  # of the cases whose inputs are in its rows; 0 without
    cdef Py_ssize_t first_case  # of them
    cdef object problem  # raised in a formula, such as KeyboardInterrupt

    def __cinit__(self, Kernel kernel not None, int widest):
        check_width(widest)
        self.kernel = <void*>kernel
        self.widest = widest
        self.single = interpreter(1)
        self.tape.workspace = self.fixed.workspace = <void*>self

    def __dealloc__(self):
        PyMem_RawFree(self.memory)
        free_line(self.slots)
        free_line(self.fixed_slots)
        free_line(self.whole_slots)

    cdef int take_rows(self) except -1:
        """Those of the kernel's layout, which a single case does without."""
        cdef Kernel kernel = <Kernel>self.kernel
        cdef Py_ssize_t rows = kernel.rows * self.widest
        cdef Py_ssize_t sums = (kernel.sums + 1) * LANES
        cdef Py_ssize_t size = (
            rows + sums + 2 * kernel.uniforms + 2 * (kernel.sums + 1) + 3 * LANES
        )
        cdef double* at
        if self.memory != NULL:
            return 0
        self.memory = zeros(size)
        at = <double*>((<uintptr_t>self.memory + 63) // 64 * 64)
        self.sums = at
        at += sums
        self.tape.values = self.tape.adjoints = at  # see rows.pxi
        at += in_lanes(rows)
        self.uniform, self.fixed.adjoints = at, at + kernel.uniforms
        self.chunk_sums = at + 2 * kernel.uniforms
        self.totals = self.chunk_sums + kernel.sums + 1
        self.fixed.values = self.uniform
        self.tape.uniform, self.tape.sums = self.uniform, self.sums
        self.tape.chunk_sums = self.chunk_sums
        self.tape.code, self.tape.count = kernel.code, kernel.instructions
        self.tape.forth = steps_of(&kernel.forth_steps)
        self.tape.back = steps_of(&kernel.back_steps)
        self.fixed.code, self.fixed.count = kernel.fixed_code, kernel.fixed
        self.fixed.forth = self.fixed.back = Steps(NULL, NULL)
        self.tape.operands, self.fixed.operands = kernel.operands, kernel.fixed_operands
        self.fixed.cases = 1
        return 0

    cdef int take_slots(self) except -1:
        """Numbers for the plans that there are by now."""
        cdef Kernel of = <Kernel>self.kernel
        if of.plan != NULL and self.slots == NULL:
            self.slots = slots_of(of.plan)
        if of.fixed_plan != NULL and self.fixed_slots == NULL:
            self.fixed_slots = slots_of(of.fixed_plan)
        return 0

    cdef int take_whole_slots(self) except -1:
        """Those of a single case's plan, its constants among them."""
        cdef Kernel of = <Kernel>self.kernel
        cdef const Move* move = of.whole_plan.loads.at
        cdef Py_ssize_t i
        if self.whole_slots != NULL:
            return 0
        self.whole_slots = slots_of(of.whole_plan)
        for i in range(of.first_constant, of.whole_plan.loads.count):
            self.whole_slots[move[i].slot] = of.recorded_constants.floats[move[i].place - of.inputs - of.parameters]
        return 0

    cdef int begin(self, Request request) except -1:
        """Compute what is the same in every case."""
        cdef Kernel of = <Kernel>self.kernel
        cdef Py_ssize_t i
        self.take_rows()
        self.take_slots()
        self.tape.spoiled = self.fixed.spoiled = 0.0
        memset(self.totals, 0, (of.sums + 1) * sizeof(double))
        for i in range(of.parameters):
            self.uniform[i] = request.weights[i]
        for i in range(of.constants):
            self.uniform[of.parameters + i] = of.recorded_constants.floats[i]
        if self.fixed_slots != NULL:
            move_in(&of.fixed_plan.loads, self.fixed_slots, self.uniform)
            if not way_forward(of.fixed_plan, self.fixed_slots, &self.fixed):
                self.fixed.spoiled = NAN
            move_out(&of.fixed_plan.values, self.fixed_slots, self.uniform)
        elif of.fixed and not self.single.forward(&self.fixed, scalar_op):
            self.fixed.spoiled = NAN
        self.width = 0
        return self.raise_problem()

    cdef list results_of(self, Py_ssize_t which, list xs):
        """An operation's value and its partials, by its formula; None where it has no value."""
        op = (<Kernel>self.kernel).ops[which]
        if op.domain is not None and not op.domain.holds(*xs):
            return None
        y = op.value(floats, *xs)
        found = [y, *op.partials(floats, y, *xs)]
        return found if len(found) == 1 + len(xs) else None  # indices are not checked below

    cdef int by_formula(
        self, Py_ssize_t which, const double* values, const int32_t* operands, Py_ssize_t count,
        double* y,
    ) noexcept:
        """Those of these values, to y and after it; False where that raises."""
        cdef Py_ssize_t i
        try:
            found = self.results_of(which, [values[operands[i]] for i in range(count)])
            for i in range(0 if found is None else 1 + count):
                y[i] = found[i]
            return found is not None
        except Exception:  # the NumPy interpreter runs next, and raises it
            return False
        except BaseException as error:
            self.problem = error
            return False

    cdef int row_by_formula(self, const Tape* tape, const Instruction* at, int width) noexcept:
        """The same for a row of cases."""
        cdef double* values = tape.values
        cdef const Operand* operand = tape.operands + at.first
        cdef Py_ssize_t i
        cdef int c
        try:
            for c in range(width):
                if c < tape.cases:
                    found = self.results_of(at.source, [
                        values[<Py_ssize_t>operand[i].value * width + c] for i in range(at.count)
                    ])
                    if found is None:
                        return False
                values[<Py_ssize_t>at.value * width + c] = found[0]
                for i in range(at.count):
                    values[<Py_ssize_t>(at.partial + i) * width + c] = found[1 + i]
        except Exception:  # the NumPy interpreter runs next, and raises it
            return False
        except BaseException as error:
            self.problem = error
            return False
        return True

    cdef int raise_problem(self) except -1:
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        return 0

    cdef bint well(self) noexcept:
        return self.tape.spoiled == 0.0 and self.fixed.spoiled == 0.0

    cdef void add_up(self, const double* sums) noexcept:
        cdef Py_ssize_t i
        for i in range((<Kernel>self.kernel).sums + 1):
            self.totals[i] += sums[i]

    cdef bytes sums_of_chunk(self):
        """A copy of them."""
        return (<char*>self.chunk_sums)[:((<Kernel>self.kernel).sums + 1) * sizeof(double)]

    cdef int finish(self, Request request, Py_ssize_t cases) except -1:
        """The backward pass through what is the same in all cases, from the sums over the cases."""
        cdef Kernel of = <Kernel>self.kernel
        cdef double* adjoints = self.fixed.adjoints
        cdef Py_ssize_t i
        if self.fixed_slots != NULL:  # of all others, the plan has what is passed on
            memset(adjoints, 0, of.parameters * sizeof(double))
            for i in range(of.fixed_plan.seeds.count):
                adjoints[of.fixed_plan.seeds.at[i].place] = 0.0
        else:
            memset(adjoints, 0, of.uniforms * sizeof(double))
        for i in range(of.sums):
            adjoints[of.sum_of[i]] += self.totals[i]
        if of.out_row[of.target] < 0 and of.target_adjoint >= 0:
            adjoints[-1 - of.out_row[of.target]] += cases
        if self.fixed_slots == NULL and of.fixed:
            self.single.reverse(&self.fixed)
        if of.parameters:
            memcpy(request.gradient, adjoints, of.parameters * sizeof(double))
        if self.fixed_slots != NULL:
            move_in(&of.fixed_plan.seeds, self.fixed_slots, adjoints)
            way_back(of.fixed_plan, self.fixed_slots, &self.fixed)
            move_out(&of.fixed_plan.adjoints, self.fixed_slots, request.gradient)
        return 0


cdef inline Py_ssize_t in_lanes(Py_ssize_t numbers) noexcept nogil:
    return (numbers + LANES - 1) // LANES * LANES
