# Running a kernel for Values: their numbers are its parameters, its results their gradients.

cdef class Runner:
    """Runs a kernel over any cases, and adds to the parameters' gradients. For one thread at a time."""

    cdef Kernel kernel
    cdef Cases cases
    cdef list parameters
    cdef PyObject** moved  # the parameters in the order of a single case's plan; NULL before it is used
    cdef double* numbers  # the parameters' numbers and derivatives
    cdef double* out
    cdef Py_ssize_t room  # of `out`
    cdef Request request
    cdef bint busy

    def __cinit__(self, Kernel kernel not None, list parameters not None, *_):
        if len(parameters) != kernel.parameters:
            raise ValueError(f"{len(parameters)} leaves for {kernel.parameters} parameters")
        self.kernel = kernel
        self.parameters = [<Value?>p for p in parameters]  # a list of its own
        self.numbers = zeros(2 * kernel.parameters)
        self.request = Request.__new__(Request)
        self.request.summed = True
        self.request.weights, self.request.gradient = self.numbers, self.numbers + kernel.parameters

    def __dealloc__(self):
        PyMem_RawFree(self.moved)
        PyMem_RawFree(self.numbers)
        PyMem_RawFree(self.out)

    cdef int make_room(self, Py_ssize_t outputs) except -1:
        """For so many numbers in `out`."""
        PyMem_RawFree(self.out)
        self.out, self.room = NULL, 0
        self.out, self.room = zeros(outputs), outputs
        return 0

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
            self.numbers[i] = (<Value>PyList_GET_ITEM(self.parameters, i)).data_

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
        if self.room < count * of.outputs:
            self.make_room(count * of.outputs)
        self.request.out = self.out
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

    cdef HeldArray results, targets, table
    cdef Cases one
    cdef Request request_of_one
    cdef double* outputs  # of one case
    cdef double* right  # 1 for a case that is, else 0
    cdef double output_edge, target_edge
    cdef bint by_class

    def __cinit__(
        self, Kernel kernel not None, list parameters not None, table, out, targets,
        double output_edge=0.5, double target_edge=0.5, bint by_class=False,
    ):
        cdef Py_ssize_t count
        self.table = HeldArray(table, "float", 2)
        count = self.table.rows
        self.output_edge, self.target_edge, self.by_class = output_edge, target_edge, by_class
        self.results, self.targets = HeldArray(out, "float", 2, True), HeldArray(targets, "float", 2)
        fits = self.results.rows == kernel.outputs and self.results.columns == count
        fits = fits and self.targets.rows <= kernel.outputs - 1
        fits = fits and self.targets.columns == count
        if not (fits and self.table.columns == kernel.inputs):
            raise ValueError("training: arrays of other sizes than the program's")
        self.cases = Cases(table, kernel.width_of_rows(count))
        self.right = zeros(count)
        self.one = Cases(None, 1, kernel.inputs)
        self.outputs = zeros(kernel.outputs)
        self.request.out = self.results.floats
        self.request_of_one = Request.__new__(Request)
        self.request_of_one.summed, self.request_of_one.out = True, self.outputs
        self.request_of_one.weights = self.request.weights
        self.request_of_one.gradient = self.request.gradient

    def __dealloc__(self):
        PyMem_RawFree(self.right)
        PyMem_RawFree(self.outputs)

    def refill(self):
        """Take the cases anew from the table, in which others lie now."""
        self.take()
        try:
            self.cases.fill(self.table.floats, self.table.rows)
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
            self.one.fill(self.table.floats + case * inputs, 1)
            self.run(self.one, request)
            self.set_gradients()
            for i in range(self.kernel.outputs):
                self.results.floats[i * self.results.columns + case] = self.outputs[i]
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
        for i in range(0 if self.by_class or start == end else self.targets.rows):
            look_at_sides(
                self.of_output(i) + start, self.output_edge, self.of_target(i) + start,
                self.target_edge, end - start, self.right + start,
            )

    cdef inline const double* of_output(self, Py_ssize_t i) noexcept:
        """The row of the output that has the i-th target."""
        return self.results.floats + (i + 1) * self.results.columns

    cdef inline const double* of_target(self, Py_ssize_t i) noexcept:
        return self.targets.floats + i * self.targets.columns

    cdef bint of_another_class(self, Py_ssize_t case) noexcept:
        """Whether any output is as large as that of the largest target."""
        cdef Py_ssize_t i, best = 0
        for i in range(1, self.targets.rows):
            if self.of_target(i)[case] > self.of_target(best)[case]:
                best = i
        for i in range(self.targets.rows):
            if i != best and not self.of_output(i)[case] < self.of_output(best)[case]:
                return True
        return False
