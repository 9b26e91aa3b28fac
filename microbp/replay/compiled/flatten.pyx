# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Flatten a graph in C, as `microbp.replay.recording` does in Python: each operation once."""

from microbp._support import coerce

from cpython cimport array
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject
from libc.stdint cimport UINT64_MAX, int32_t, uint64_t, uint8_t, uintptr_t
from libc.string cimport memcmp, memcpy, memset

from microbp.core.compiled.arithmetic cimport CUSTOM
from microbp.core.compiled.value cimport (
    COMPARED, Value, age, arity, is_leaf, label_of, operand_of,
)

cdef inline uint64_t mixed(uint64_t x) noexcept:
    x = (x ^ (x >> 30)) * <uint64_t>0xBF58476D1CE4E5B9
    x = (x ^ (x >> 27)) * <uint64_t>0x94D049BB133111EB
    return x ^ (x >> 31)


cdef class Numbers:
    """A hash table from keys to numbers: open addressing, at most half full."""

    cdef uint64_t* keys
    cdef int32_t* numbers  # MISSING where a place is free
    cdef size_t room, used

    def __cinit__(self):
        self.keys, self.numbers = NULL, NULL
        self.room, self.used = 0, 0
        self.grow(1024)

    def __dealloc__(self):
        PyMem_Free(self.keys)
        PyMem_Free(self.numbers)

    cdef int grow(self, size_t room) except -1:
        cdef uint64_t* keys = self.keys
        cdef int32_t* numbers = self.numbers
        cdef size_t old = self.room, i
        self.keys = <uint64_t*>PyMem_Malloc(room * sizeof(uint64_t))
        self.numbers = <int32_t*>PyMem_Malloc(room * sizeof(int32_t))
        if self.keys == NULL or self.numbers == NULL:
            PyMem_Free(keys)
            PyMem_Free(numbers)
            raise MemoryError()
        memset(self.numbers, 0xFF, room * sizeof(int32_t))
        self.room = room
        for i in range(old):
            if numbers[i] != MISSING:
                at = self.place(keys[i])
                self.keys[at], self.numbers[at] = keys[i], numbers[i]
        PyMem_Free(keys)
        PyMem_Free(numbers)
        return 0

    cdef inline size_t place(self, uint64_t key) noexcept:
        cdef size_t at = mixed(key) & (self.room - 1)
        while self.numbers[at] != MISSING and self.keys[at] != key:
            at = (at + 1) & (self.room - 1)
        return at

    cdef inline int32_t get(self, uint64_t key) noexcept:
        return self.numbers[self.place(key)]

    cdef inline int put(self, uint64_t key, int32_t number) except -1:
        cdef size_t at = self.place(key)
        if self.numbers[at] == MISSING:
            if self.used * 2 >= self.room:
                self.grow(self.room * 2)
                at = self.place(key)
            self.used += 1
        self.keys[at], self.numbers[at] = key, number
        return 0


cdef enum:
    MOST = 0x7FFFFFFF  # that an array of 32-bit numbers can count
    MISSING = -1
    OPEN = -2  # its operands are being listed


cdef class Nodes:
    """A growing list of nodes, each with a count; the caller keeps them alive."""

    cdef PyObject** nodes
    cdef Py_ssize_t* counts
    cdef Py_ssize_t size, room

    def __cinit__(self):
        self.nodes, self.counts, self.size, self.room = NULL, NULL, 0, 0

    def __dealloc__(self):
        PyMem_Free(self.nodes)
        PyMem_Free(self.counts)

    cdef int make_room(self, Py_ssize_t room) except -1:
        cdef void* memory = PyMem_Realloc(self.nodes, room * sizeof(PyObject*))
        if memory == NULL:
            raise MemoryError()
        self.nodes = <PyObject**>memory
        memory = PyMem_Realloc(self.counts, room * sizeof(Py_ssize_t))
        if memory == NULL:
            raise MemoryError()
        self.counts = <Py_ssize_t*>memory
        self.room = room
        return 0

    cdef int push(self, PyObject* node) except -1:
        if self.size == self.room:
            self.make_room(max(1024, 2 * self.room))
        self.nodes[self.size], self.counts[self.size] = node, 0
        self.size += 1
        return 0


cdef Nodes operands_first(list roots):
    """Every node that the roots reach, once, after its operands: `microbp.core.toposort.operands_first`."""
    cdef Nodes order = Nodes(), stack = Nodes()
    cdef Numbers seen = Numbers()
    cdef PyObject* node
    cdef PyObject* operand
    for root in roots:
        if seen.get(<uintptr_t><PyObject*>root) != MISSING:
            continue
        seen.put(<uintptr_t><PyObject*>root, OPEN)
        stack.push(<PyObject*>root)
        while stack.size:
            node = stack.nodes[stack.size - 1]
            if stack.counts[stack.size - 1] < arity(node):
                operand = operand_of(node, stack.counts[stack.size - 1])
                stack.counts[stack.size - 1] += 1
                if seen.get(<uintptr_t>operand) == MISSING:
                    seen.put(<uintptr_t>operand, OPEN)
                    stack.push(operand)
            else:
                stack.size -= 1
                order.push(node)
    return order


cdef int sort_by_age(Nodes order) except -1:
    """Leaves first, as they are, then operations, the oldest first: some binary digits at a time."""
    cdef Nodes other = Nodes()
    cdef Py_ssize_t at, start, size
    cdef Py_ssize_t[2048] starts
    cdef uint64_t born, oldest = UINT64_MAX, youngest = 0, digit
    cdef int shift = 0, digits = 8 if order.size < 1024 else 11
    other.make_room(order.size)
    for at in range(order.size):
        order.counts[at] = born = age(order.nodes[at])
        if born:
            oldest, youngest = min(oldest, born), max(youngest, born)
    for at in range(order.size):
        order.counts[at] = max(order.counts[at] - <Py_ssize_t>(oldest - 1), 0)
    while youngest and (youngest - oldest + 1) >> shift:
        memset(starts, 0, sizeof(Py_ssize_t) << digits)
        for at in range(order.size):
            starts[<uint64_t>order.counts[at] >> shift & ((1 << digits) - 1)] += 1
        start = 0
        for at in range(1 << digits):
            size = starts[at]
            starts[at] = start
            start += size
        for at in range(order.size):
            digit = <uint64_t>order.counts[at] >> shift & ((1 << digits) - 1)
            other.nodes[starts[digit]] = order.nodes[at]
            other.counts[starts[digit]] = order.counts[at]
            starts[digit] += 1
        order.nodes, other.nodes = other.nodes, order.nodes
        order.counts, other.counts = other.counts, order.counts
        order.room, other.room = other.room, order.room
        shift += digits
    return 0


def flattened(list outputs, list inputs, parameters):
    """The fields of a Recording, in its order, with `parameters` as a list.

    The last field is the node that depends on the inputs and was compared, or None. Raises
    TypeError for anything but Values of this engine, and for inputs or parameters that aren't
    leaves.
    """
    cdef Nodes order
    cdef Numbers number = Numbers(), constant = Numbers(), known = Numbers()
    cdef array.array constants = array.array("d"), code = array.array("i")
    cdef array.array starts = array.array("i", [0]), operands = array.array("i")
    cdef array.array key = array.array("i", [0])
    cdef Py_ssize_t at, i, count
    cdef int32_t first, new, old, op_number
    cdef int* row
    cdef uint64_t bits
    cdef PyObject* node
    cdef double data
    outputs, inputs = checked(outputs), checked(inputs, True)
    if parameters is not None:
        parameters = checked(parameters, True)
    order = operands_first(outputs)
    if order.size + len(inputs) > MOST // 2:
        raise OverflowError(f"record: expected at most {MOST // 2} nodes, got {order.size}")
    for at in range(order.size):
        if by_hand(order.nodes[at]):
            return in_python(outputs, inputs, parameters)
    for i, x in enumerate(inputs):
        number.put(<uintptr_t><PyObject*>x, <int32_t>i)
    if parameters is None:
        parameters = [
            <object>order.nodes[at] for at in range(order.size)
            if is_leaf(order.nodes[at]) and number.get(<uintptr_t>order.nodes[at]) == MISSING
        ]
    for i, x in enumerate(parameters):
        number.put(<uintptr_t><PyObject*>x, <int32_t>(len(inputs) + i))
    first = <int32_t>(len(inputs) + len(parameters))
    for at in range(order.size):
        node = order.nodes[at]
        if is_leaf(node) and number.get(<uintptr_t>node) == MISSING:
            data = (<Value>node).data_
            memcpy(&bits, &data, sizeof(bits))
            if constant.get(bits) == MISSING:
                constant.put(bits, first + <int32_t>len(constants))
                array.extend_buffer(constants, <char*>&data, 1)
            number.put(<uintptr_t>node, constant.get(bits))
    first += <int32_t>len(constants)
    sort_by_age(order)
    ops = {}
    for at in range(order.size):
        node = order.nodes[at]
        if is_leaf(node):
            continue
        op_number = ops.setdefault((<Value>node).op, len(ops))
        count = arity(node)
        if len(operands) + count > MOST:
            raise OverflowError(f"record: expected at most {MOST} operands in all")
        array.resize_smart(key, count + 1)
        row = key.data.as_ints
        row[0] = op_number
        bits = op_number
        for i in range(count):
            row[i + 1] = number.get(<uintptr_t>operand_of(node, i))
            bits = mixed(bits * 31 + <uint64_t>row[i + 1] + 1)
        new = <int32_t>len(code)
        while True:
            old = known.get(bits)
            if old == MISSING or same(code, starts, operands, old, row, count):
                break
            bits = mixed(bits + 1)  # two operations with the same hash
        if old == MISSING:
            known.put(bits, new)
            array.extend_buffer(code, <char*>row, 1)
            array.extend_buffer(operands, <char*>(row + 1), count)
            new = <int32_t>len(operands)
            array.extend_buffer(starts, <char*>&new, 1)
            old = <int32_t>len(code) - 1
        number.put(<uintptr_t>node, first + old)
    labels = {}
    trap = next((x for x in inputs if (<Value>x).born & COMPARED), None)
    for x in (*inputs, *parameters):
        if label_of(<PyObject*>x) != NULL:
            labels.setdefault(number.get(<uintptr_t><PyObject*>x), x.label)
    compared = False
    for at in range(order.size):
        node = order.nodes[at]
        compared |= (<Value>node).born & COMPARED != 0
        if label_of(node) != NULL:
            labels.setdefault(number.get(<uintptr_t>node), <object>label_of(node))
    ends = array.array("i", [number.get(<uintptr_t><PyObject*>x) for x in outputs])
    if trap is None and compared:
        trap = first_that_varies(order, number, len(inputs), first + len(code))
    return parameters, constants, tuple(ops), code, starts, operands, ends, labels, trap


cdef list checked(values, bint leaves=False):
    """A list of its own, which nobody changes meanwhile."""
    cdef list found = list(values)
    for x in found:
        if type(x) is not Value:  # isinstance would believe its __class__
            raise TypeError(f"flattened: expected Values, got {coerce.shown(x)}")
        if leaves and not is_leaf(<PyObject*>x):
            raise TypeError(f"flattened: expected leaves as inputs and parameters, got {x!r}")
    return found


cdef inline bint by_hand(PyObject* node) noexcept:
    """Whether it was made by `Value(data, children, local_grads)`."""
    return (<Value>node).born % COMPARED == CUSTOM


cdef object in_python(list outputs, list inputs, parameters):
    """The same in Python, which knows about nodes made by hand: they are rare."""
    from microbp.replay.recording import _flattened

    return _flattened(outputs, inputs, parameters)


cdef inline bint same(
    array.array code, array.array starts, array.array operands, int32_t old, int* row,
    Py_ssize_t count,
) noexcept:
    """Whether a recorded operation has this code, and these operands."""
    cdef int* start = starts.data.as_ints + old
    return (
        code.data.as_ints[old] == row[0]
        and start[1] - start[0] == count
        and memcmp(operands.data.as_ints + start[0], row + 1, count * sizeof(int32_t)) == 0
    )


cdef object first_that_varies(Nodes order, Numbers number, Py_ssize_t inputs, Py_ssize_t slots):
    """The first compared node that depends on the inputs."""
    cdef bytearray varies = bytearray(slots)
    cdef Py_ssize_t at, i
    cdef int32_t own
    for at in range(order.size):
        own = number.get(<uintptr_t>order.nodes[at])
        if own < inputs:
            varies[own] = True
        for i in range(arity(order.nodes[at])):
            varies[own] |= varies[number.get(<uintptr_t>operand_of(order.nodes[at], i))]
        if varies[own] and (<Value>order.nodes[at]).born & COMPARED:
            return <object>order.nodes[at]
    return None
