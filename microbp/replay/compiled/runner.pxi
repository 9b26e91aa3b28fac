# Running a kernel for Values: their numbers are its parameters, its results their gradients.

cdef class Runner:
    """Runs a kernel over any cases, and adds to the parameters' gradients. For one thread at a time."""

    cdef Kernel kernel
    cdef Cases cases
    cdef list parameters
    cdef PyObject** moved  # the parameters in the order of a single case's plan; NULL before it is used
    cdef double[::1] weights, gradient, out
    cdef Request request
    cdef bint busy

    def __cinit__(self, Kernel kernel not None, list parameters not None, *_):
        if len(parameters) != kernel.parameters:
            raise ValueError(f"{len(parameters)} leaves for {kernel.parameters} parameters")
        self.kernel = kernel
        self.parameters = [<Value?>p for p in parameters]  # a list of its own
        self.weights = array("d", bytes(8 * kernel.parameters))
        self.gradient = array("d", bytes(8 * kernel.parameters))
        self.out = array("d")
        self.request = Request.__new__(Request)
        self.request.summed = True
        if kernel.parameters:
            self.request.weights, self.request.gradient = &self.weights[0], &self.gradient[0]

    def __dealloc__(self):
        PyMem_RawFree(self.moved)

    cdef int take(self) except -1:
        """Keep all others out, until `busy` is False again: they would change what this one reads."""
        if self.busy:  # another thread, or a custom operation that calls back
            raise RuntimeError("replay: this program is running already")
        self.busy = True
        return 0

    cdef int run(self, Cases cases, Request request, Py_ssize_t threads=1) except -1:
        """Replay cases from the parameters' numbers as they are now. The caller has taken it."""
        self.read()
        return self.kernel.run(cases, request, threads, self)

    cdef void read(self) noexcept:
        cdef Py_ssize_t i
        for i in range(self.kernel.parameters):
            self.weights[i] = (<Value>PyList_GET_ITEM(self.parameters, i)).data_

    def backward(self, cases, Py_ssize_t threads=1):
        """As `back`."""
        return self.back(cases, threads)

    cdef back(self, cases, Py_ssize_t threads):
        """E, with its derivatives added to the gradients.

        None, and no change, if the cases are not a C-contiguous array of floats with a column for
        each input, if something is not finite or has no value, and under detect_anomaly.
        """
        cdef Py_ssize_t i
        if unusual_modes and grad_mode.mode.get().watching:
            return None
        self.take()
        try:
            if not self.taken_over(cases):
                return None
            self.request.summed, self.request.back = True, False
            if by_plans and self.cases.count == 1 and run_alone(
                self.kernel, self.cases, self.request, self.parameters, &self.moved
            ):
                return self.request.sum if self.request.well else None
            self.run(self.cases, self.request, threads)
            if not self.request.well:
                return None
            for i in range(self.kernel.parameters):
                (<Value>PyList_GET_ITEM(self.parameters, i)).grad_ += self.request.gradient[i]
            return self.request.sum
        finally:
            self.busy = False

    cdef by_case(self, cases, empty, bint several):
        """The outputs in each case or, of a kernel of_inputs, the derivatives of its target.

        In an array that `empty` makes; of `several` outputs, a row for each case. None as `back`.
        """
        cdef Py_ssize_t count, outputs = self.kernel.outputs, case, i
        cdef double* to
        if unusual_modes and grad_mode.mode.get().watching:
            return None
        self.take()
        try:
            if not self.taken_over(cases):
                return None
            count = self.cases.count
            if self.kernel.of_inputs:
                found = empty((count, self.kernel.inputs))
            else:
                found = empty((count, outputs)) if several else empty(count)
            to = numbers_of_new(found, 2 if self.kernel.of_inputs or several else 1)
            self.request.summed, self.request.back = False, self.kernel.of_inputs
            self.request.by_input = to
            self.run(self.cases, self.request)
            if not self.request.well:
                return None
            if not self.kernel.of_inputs:
                for case in range(count):
                    for i in range(outputs):
                        to[case * outputs + i] = self.out[i * count + case]
            return found
        finally:
            self.busy = False

    cdef bint taken_over(self, cases) except -1:
        """Copy the cases, and make room for their outputs; False where they are no such array."""
        cdef Py_buffer table
        cdef const Array* array
        cdef const double* numbers = numbers_of(cases, 2)
        if numbers != NULL:
            array = <const Array*><PyObject*>cases
            return self.taken(numbers, array.shape[0], array.shape[1])
        try:  # once: an object of a user's own may show another buffer each time
            PyObject_GetBuffer(cases, &table, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS)
        except (TypeError, ValueError, BufferError):
            return False
        try:
            if (
                table.ndim != 2 or table.itemsize != sizeof(double) or table.format == NULL
                or strcmp(table.format, b"d") != 0
            ):
                return False
            return self.taken(<const double*>table.buf, table.shape[0], table.shape[1])
        finally:
            PyBuffer_Release(&table)

    cdef bint taken(self, const double* table, Py_ssize_t count, Py_ssize_t columns) except -1:
        cdef Kernel of = self.kernel
        cdef int widest
        if columns != of.inputs:
            return False
        widest = of.width_of_rows(count)
        if self.cases is None or self.cases.widest != widest:
            self.cases = Cases.__new__(Cases, None, widest, columns)
        self.cases.fill(table, count)
        if self.out.shape[0] < count * of.outputs:
            self.out = array("d", bytes(8 * count * of.outputs))
        self.request.out = &self.out[0] if count else NULL
        return True


cdef inline Py_ssize_t number_of(threads) except -1:
    """0 for anything but an int from 1 to MOST_THREADS."""
    cdef int overflow = 0
    cdef long number = PyLong_AsLongAndOverflow(threads, &overflow) if type(threads) is int else 0
    return number if 0 < number <= MOST_THREADS else 0


cdef class RunnerPool:
    """A Runner for each thread that replays at the moment."""

    cdef Kernel kernel
    cdef list parameters
    cdef Runner spare  # not in use; None while it is
    cdef object array, empty  # NumPy's
    cdef bint several

    def __cinit__(self, Kernel kernel not None, list parameters not None, bint several=False):
        import numpy  # here: it takes a while

        self.kernel, self.parameters, self.several = kernel, parameters, several
        self.spare = Runner(kernel, parameters)
        self.array, self.empty = numpy.ndarray, numpy.empty
        look_at_arrays(numpy)

    cdef Runner runner(self):
        cdef Runner runner = self.spare
        self.spare = None
        return Runner(self.kernel, self.parameters) if runner is None else runner

    def backward(self, cases, threads=1):
        """As a Runner's; None also for what has a mask: a Runner sees but the numbers.

        And for threads that are no int from 1 to MOST_THREADS: `Program.backward` looks at them then.
        """
        cdef Runner runner
        cdef Py_ssize_t number = number_of(threads)
        if number == 0 or type(cases) is not self.array and hasattr(cases, "mask"):
            return None
        runner = self.runner()
        error = runner.back(cases, number)
        self.spare = runner
        return error

    def by_case(self, cases, threads=1):
        """As a Runner's; None also for anything but NumPy's own arrays, and for several threads."""
        cdef Runner runner
        if type(cases) is not self.array or number_of(threads) != 1:
            return None
        runner = self.runner()
        found = runner.by_case(cases, self.empty, self.several)
        self.spare = runner
        return found


cdef class Training(Runner):
    """Sweeps over the same cases, for training: each sets the parameters' gradients.

    out: takes the outputs, a row for each. targets: a row for each output after the first; a case
    is right if its outputs and targets are on the same side of output_edge and target_edge; or, by
    class, if the largest output has the largest target.
    """

    cdef double[:, ::1] results
    cdef const double[:, ::1] targets
    cdef const double[:, ::1] table
    cdef double[::1] outputs  # of one case
    cdef Cases one
    cdef Request request_of_one
    cdef double[::1] right  # 1 for a case that is, else 0
    cdef double output_edge, target_edge
    cdef bint by_class

    def __cinit__(
        self, Kernel kernel not None, list parameters not None, const double[:, ::1] table not None,
        double[:, ::1] out not None, const double[:, ::1] targets not None,
        double output_edge=0.5, double target_edge=0.5, bint by_class=False,
    ):
        cdef Py_ssize_t count = table.shape[0]
        self.output_edge, self.target_edge, self.by_class = output_edge, target_edge, by_class
        self.results, self.targets = out, targets
        fits = self.results.shape[0] == kernel.outputs and self.results.shape[1] == count
        fits = fits and self.targets.shape[0] <= kernel.outputs - 1
        fits = fits and self.targets.shape[1] == count
        if not (fits and table.shape[1] == kernel.inputs):
            raise ValueError("training: arrays of other sizes than the program's")
        self.cases = Cases(table, kernel.width_of_rows(count))
        self.right = array("d", bytes(8 * max(count, 1)))
        self.table, self.one = table, Cases(table[:1], 1)
        self.outputs = array("d", bytes(8 * kernel.outputs))
        self.request.out = &self.results[0, 0] if count else NULL
        self.request_of_one = Request.__new__(Request)
        self.request_of_one.summed, self.request_of_one.out = True, &self.outputs[0]
        self.request_of_one.weights = self.request.weights
        self.request_of_one.gradient = self.request.gradient

    def refill(self):
        """Take the cases anew from the table, in which others lie now."""
        cdef Py_ssize_t count = self.table.shape[0]
        self.take()
        try:
            self.cases.fill(&self.table[0, 0] if count and self.table.shape[1] else NULL, count)
        finally:
            self.busy = False

    def sweep(self):
        """The error summed over the cases, how many are right, and whether all is finite."""
        cdef Py_ssize_t case, right = 0
        self.take()
        try:
            self.run(self.cases, self.request)
            self.set_gradients()
            self.judge(0, self.cases.count)
            for case in range(self.cases.count):
                right += self.right[case] > 0.0
            return self.request.sum, right, self.request.well
        finally:
            self.busy = False

    def sweep_of(self, Py_ssize_t case):
        """The same for one case alone."""
        cdef Request request = self.request_of_one
        cdef Py_ssize_t i, inputs = self.kernel.inputs
        if not 0 <= case < self.cases.count:
            raise IndexError(f"training: there is no case {case}")
        self.take()
        try:
            self.one.fill(&self.table[case, 0] if inputs else NULL, 1)
            self.run(self.one, request)
            self.set_gradients()
            for i in range(self.kernel.outputs):
                self.results[i, case] = self.outputs[i]
            self.judge(case, case + 1)
            return request.sum, int(self.right[case]), request.well
        finally:
            self.busy = False

    cdef void set_gradients(self) noexcept:
        cdef Py_ssize_t i
        for i in range(self.kernel.parameters):
            (<Value>PyList_GET_ITEM(self.parameters, i)).grad_ = self.request.gradient[i]

    cdef void judge(self, Py_ssize_t start, Py_ssize_t end) noexcept:
        """Find the cases whose outputs are each on its target's side."""
        cdef Py_ssize_t case, i
        for case in range(start, end):
            self.right[case] = not self.by_class or not self.of_another_class(case)
        for i in range(0 if self.by_class or start == end else self.targets.shape[0]):
            look_at_sides(
                &self.results[i + 1, start], self.output_edge, &self.targets[i, start],
                self.target_edge, end - start, &self.right[start],
            )

    cdef bint of_another_class(self, Py_ssize_t case) noexcept:
        """Whether any output is as large as that of the largest target."""
        cdef Py_ssize_t i, best = 0
        for i in range(1, self.targets.shape[0]):
            if self.targets[i, case] > self.targets[best, case]:
                best = i
        for i in range(self.targets.shape[0]):
            if i != best and not self.results[i + 1, case] < self.results[best + 1, case]:
                return True
        return False
