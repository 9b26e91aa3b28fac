# The backward pass. A node is younger than its operands, so taking the youngest node first visits
# each node when its adjoint is complete.
#
# The queue of nodes is a radix heap: ages are split into blocks of BLOCK births. Nodes of the
# current block stand in a table, one place for each birth; older ones wait in lists, the k-th for
# nodes whose block differs from the current one in k binary digits. This needs no memory but the
# table, can't fail half-way, and runs no Python: a backward pass is done wholly or not at all.
#
# So a node in a list needs no class meanwhile, and has the next one in its place.

cdef enum:
    BITS = 12
    BLOCK = 4096  # 1 << BITS

cdef PyObject* table[BLOCK]
cdef PyObject* older[65 - BITS]
cdef uint64_t block  # in progress
cdef Py_ssize_t in_lists = 0

cdef struct Place:
    # How far the pass has come. A local variable, so that the compiler keeps it in registers.
    uint64_t first  # the age that the table begins with
    uint64_t here  # the place in the table that comes next
    PyObject* next  # its node, which needn't stand in the table; or NULL
    Py_ssize_t waiting  # nodes in the table


cdef inline Place begin(PyObject* root) noexcept:
    cdef Place at = block_with(age(root))
    enqueue(root, &at)
    return at


cdef inline Place block_with(uint64_t youngest_age) noexcept:
    global block
    cdef Place at
    block = youngest_age >> BITS
    at.first = block << BITS
    at.here = youngest_age - at.first
    at.next = NULL
    at.waiting = 0
    return at


cdef inline bint is_new(PyObject* operand) noexcept:
    """Whether it is a node that this backward pass has not met yet, and no leaf."""
    return (<Value>operand).born & MET == 0


cdef inline void enqueue(PyObject* node, Place* at) noexcept:
    cdef uint64_t place = age(node) - at.first
    (<Value>node).born = (<Value>node).born | MET
    if place == at.here:
        at.next = node
    elif place < BLOCK:
        table[place] = node
        at.waiting += 1
    else:
        put_in_list(node)


cdef void put_in_list(PyObject* node) noexcept:
    global in_lists
    cdef int k = bit_length((age(node) >> BITS) ^ block)
    Py_SET_TYPE(node, <PyTypeObject*>older[k])
    older[k] = node
    in_lists += 1


cdef inline PyObject* youngest(Place* at) noexcept:
    """Take the youngest node out of the queue; NULL if it is empty."""
    cdef PyObject* node = at.next
    if node == NULL:
        if at.waiting == 0:
            if in_lists == 0:
                return NULL
            at[0] = next_block()
            node = at.next
        else:
            while table[at.here] == NULL:
                at.here -= 1
            node = table[at.here]
            table[at.here] = NULL
            at.waiting -= 1
    at.next = NULL
    at.here -= 1
    prefetch(<char*>node - 512)
    # It can't be met again in this pass: all that use it are younger.
    (<Value>node).born = (<Value>node).born & ~<uint64_t>MET
    return node


cdef Place next_block() noexcept:
    """Go on to the youngest block that waits. It is in the first list that isn't empty."""
    global in_lists
    cdef Place at
    cdef int k = 1
    cdef uint64_t youngest_age = 0
    cdef PyObject* node
    cdef PyObject* first
    while older[k] == NULL:
        k += 1
    first = node = older[k]
    older[k] = NULL
    while node != NULL:
        youngest_age = max(youngest_age, age(node))
        node = <PyObject*>Py_TYPE(node)
    at = block_with(youngest_age)
    while first != NULL:
        node = first
        first = <PyObject*>Py_TYPE(node)
        Py_SET_TYPE(node, <PyTypeObject*>Value)
        in_lists -= 1
        enqueue(node, &at)
    return at


cdef inline void pass_on(PyObject* operand, double adjoint, double partial, Place* at) noexcept:
    cdef double product
    if is_new(operand):
        (<Value>operand).grad_ = 0.0
        enqueue(operand, at)
    if adjoint != 0.0:
        product = adjoint * partial if partial != 0.0 else 0.0
        (<Value>operand).grad_ = (<Value>operand).grad_ + product


cdef void pass_back(PyObject* root, double seed) noexcept:
    cdef PyObject* node
    cdef Wide* wide
    cdef Py_ssize_t i
    cdef double adjoint
    cdef Place at
    if is_leaf(root):
        (<Value>root).grad_ = (<Value>root).grad_ + seed
        return
    (<Value>root).grad_ = 0.0 + seed
    at = begin(root)
    while True:
        node = youngest(&at)
        if node == NULL:
            return
        adjoint = (<Value>node).grad_
        if is_narrow(node):
            pass_on(first_of(node), adjoint, partials_of(node)[0], &at)
            if second_of(node) != node:
                pass_on(second_of(node), adjoint, partials_of(node)[1], &at)
        else:
            wide = wide_of(node)
            for i in range(wide.count):
                pass_on(wide.terms[i].operand, adjoint, wide.terms[i].partial, &at)


def reverse_order(*roots):
    """The nodes that a backward pass visits, in its order: each before all its operands.

    They are the roots and all that these reach, without the leaves.
    """
    cdef PyObject** found = NULL
    cdef Py_ssize_t count = 0, i
    for root in roots:
        if type(root) is not Value:
            raise TypeError(f"reverse_order: expected a Value, got {coerce.shown(root)}")
    try:
        found = collected(roots, &count)
        return [<Value>found[i] for i in range(count)]
    finally:
        PyMem_Free(found)


cdef PyObject** collected(tuple roots, Py_ssize_t* count) except? NULL:
    """The roots and all that these reach but the leaves, the youngest first; NULL for none."""
    cdef PyObject** found = NULL
    cdef PyObject** larger
    cdef PyObject* node
    cdef Py_ssize_t room = 0, i
    cdef bint failed = False
    cdef Place at
    node = NULL
    for i in range(len(roots)):
        if node == NULL or age(<PyObject*>roots[i]) > age(node):
            node = <PyObject*>roots[i]
    if node == NULL or is_leaf(node):
        return NULL
    at = begin(node)
    for i in range(len(roots)):
        if is_new(<PyObject*>roots[i]):
            enqueue(<PyObject*>roots[i], &at)
    while True:  # to the end even without memory, as the queue must be left empty
        node = youngest(&at)
        if node == NULL:
            break
        if count[0] == room and not failed:
            room = 2 * room + 64
            larger = <PyObject**>PyMem_Realloc(found, room * sizeof(PyObject*))
            failed = larger == NULL
            found = found if failed else larger
        if not failed:
            found[count[0]] = node
            count[0] += 1
        for i in range(arity(node)):
            if is_new(operand_of(node, i)):
                enqueue(operand_of(node, i), &at)
    if failed:
        PyMem_Free(found)
        raise MemoryError
    return found
