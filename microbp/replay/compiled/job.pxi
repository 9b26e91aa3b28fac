# One replay in several threads.
#
# A job holds all that its threads read and write, and they hold the job: whatever becomes of the
# thread that waits for them, they touch nothing that is gone. It waits until none is at work, however
# often Ctrl-C is pressed meanwhile.

cdef extern from "pythread.h":
    ctypedef void* PyThread_type_lock
    ctypedef enum PyLockStatus: PY_LOCK_FAILURE, PY_LOCK_ACQUIRED, PY_LOCK_INTR
    PyThread_type_lock PyThread_allocate_lock() noexcept
    void PyThread_free_lock(PyThread_type_lock) noexcept
    void PyThread_release_lock(PyThread_type_lock) noexcept
    PyLockStatus PyThread_acquire_lock_timed(PyThread_type_lock, long long, int) noexcept nogil

cdef enum:
    LOOK_FOR_SIGNALS = 20_000  # microseconds; another thread may have got the signal

cdef set running = set()  # the jobs that somebody waits for


@cython.internal
cdef class Job:
    """A replay of all cases in chunks, each by any of its threads; their sums in the chunks' order."""

    cdef Kernel kernel
    cdef Cases cases
    cdef Request request
    cdef object arrays  # that the request points into
    cdef Workspace total  # takes the chunks' sums
    cdef dict waiting  # by first case, the sums of chunks that come after one still at work
    cdef Py_ssize_t next, added  # the first case not yet begun; not yet added
    cdef Py_ssize_t at_work  # threads, and the one that starts them
    cdef bint well
    cdef object problem
    cdef PyThread_type_lock ended  # locked while any are at work

    def __cinit__(self, Kernel kernel, Cases cases, Request request, arrays, Workspace total):
        self.kernel, self.cases, self.request, self.arrays = kernel, cases, request, arrays
        self.total, self.waiting = total, {}
        self.next, self.added, self.at_work, self.well = 0, 0, 1, True
        self.ended = PyThread_allocate_lock()
        if self.ended == NULL:
            raise MemoryError("replay: no lock for its threads")
        PyThread_acquire_lock_timed(self.ended, -1, 0)

    def __dealloc__(self):
        if self.ended != NULL:
            PyThread_free_lock(self.ended)

    cdef bint run(self, Py_ssize_t threads) except -1:
        """Whether all is well. Raises, when all threads have ended, what was raised in any."""
        cdef PyLockStatus status
        workspaces = [Workspace(self.kernel, self.cases.widest) for _ in range(threads)]
        running.add(self)
        for workspace in workspaces:
            self.at_work += 1
            try:
                start_new_thread(self, (workspace,))
            except BaseException as error:
                self.at_work -= 1
                if not isinstance(error, RuntimeError):
                    self.stop(error)
                elif self.at_work == 1:  # the system gives no thread at all
                    self.work_in_this_thread(workspace)
                break
        self.leave()
        while True:
            with nogil:
                status = PyThread_acquire_lock_timed(self.ended, LOOK_FOR_SIGNALS, 1)
            if status == PY_LOCK_ACQUIRED:
                break
            try:
                PyErr_CheckSignals()
            except BaseException as error:
                self.stop(error)
        running.discard(self)
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        return self.well

    def __call__(self, Workspace workspace not None):
        """What each thread does."""
        self.work_in_this_thread(workspace)
        self.leave()

    cdef int work_in_this_thread(self, Workspace workspace) noexcept:
        try:
            self.work(workspace)
        except BaseException as error:
            self.stop(error)
        return 0

    cdef int work(self, Workspace workspace) except -1:
        """Take chunks while there are any. The GIL, but for the arithmetic, keeps others out."""
        cdef Py_ssize_t start
        cdef bytes sums
        workspace.begin(self.request)
        while self.next < self.cases.count and not is_set(&self.request.stopped):
            start = self.next
            self.next += CHUNK
            self.kernel.chunk(workspace, self.cases, start, self.request)
            self.waiting[start] = workspace.sums_of_chunk()
            while self.added in self.waiting:
                sums = self.waiting.pop(self.added)
                self.total.add_up(<const double*><const char*>sums)
                self.added += CHUNK
        self.well = self.well and workspace.well()
        return 0

    cdef void stop(self, problem) noexcept:
        """Let the threads end at their next block of cases."""
        self.problem = problem
        set_flag(&self.request.stopped)

    cdef void leave(self) noexcept:
        self.at_work -= 1
        if self.at_work == 0:
            PyThread_release_lock(self.ended)


def _forget_threads():
    """In the child of a fork, which has none of its parent's other threads: end all waiting."""
    for job in running:
        (<Job>job).stop(RuntimeError("replay: this process was forked while its threads were at work"))
        PyThread_release_lock((<Job>job).ended)
    running.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)
