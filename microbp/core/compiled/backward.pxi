# The backward pass. A node is younger than its operands, so taking the youngest node first visits
# each node when its adjoint is complete.
#
# The queue of nodes is a radix heap: ages are split into blocks of BLOCK births. Nodes of the
# current block stand in a table, one place for each birth; older ones wait in lists, the k-th for
# nodes whose block differs from the current one in k binary digits. This needs no memory but the
# table, can't fail half-way, and runs no Python: a backward pass is done wholly or not at all.

cdef enum:
    BITS = 12
    BLOCK = 4096  # 1 << BITS

cdef PyObject* table[BLOCK]
cdef PyObject* older[65 - BITS]  # lists of nodes, linked by `mark`
cdef uint64_t block  # in progress
cdef Py_ssize_t here  # the place in the table that comes next
cdef Py_ssize_t in_table = 0, in_lists = 0
cdef uint64_t visit_mark = 1  # odd, as no link in a list is


cdef void begin(PyObject* root) noexcept:
    global block, here, visit_mark
    visit_mark += 2
    block = age(root) >> BITS
    here = age(root) & (BLOCK - 1)
    enqueue(root)


cdef inline uint64_t age(PyObject* node) noexcept:
    """The number of its birth: the larger, the younger."""
    return (<Value>node).born >> 8


cdef inline bint is_new(PyObject* operand) noexcept:
    """Whether it is a node that this backward pass has not met yet."""
    cdef uint64_t mark = (<Value>operand).mark
    return not is_leaf(operand) and mark & 1 and mark != visit_mark


cdef inline void enqueue(PyObject* node) noexcept:
    global in_table, in_lists
    cdef uint64_t its_block = age(node) >> BITS
    cdef int k
    if its_block == block:
        (<Value>node).mark = visit_mark
        table[age(node) & (BLOCK - 1)] = node
        in_table += 1
    else:
        k = bit_length(its_block ^ block)
        (<Value>node).mark = <uint64_t>older[k]
        older[k] = node
        in_lists += 1


cdef inline PyObject* youngest() noexcept:
    """Take the youngest node out of the queue; NULL if it is empty."""
    global here, in_table
    cdef PyObject* node
    if in_table == 0:
        if in_lists == 0:
            return NULL
        fill_table()
    while table[here] == NULL:
        here -= 1
    node = table[here]
    table[here] = NULL
    here -= 1
    in_table -= 1
    prefetch(table[here - 6 if here > 6 else 0])
    return node


cdef void fill_table() noexcept:
    """Go on to the youngest block that waits. It is in the first list that isn't empty."""
    global block, here, in_lists
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
        node = <PyObject*>(<Value>node).mark
    block = youngest_age >> BITS
    here = youngest_age & (BLOCK - 1)
    while first != NULL:
        node = first
        first = <PyObject*>(<Value>node).mark
        in_lists -= 1
        enqueue(node)


cdef inline void pass_on(PyObject* operand, double adjoint, double partial) noexcept:
    if is_new(operand):
        (<Value>operand).grad_ = 0.0
        enqueue(operand)
    if adjoint != 0.0:
        (<Value>operand).grad_ += adjoint * partial if partial != 0.0 else 0.0


cdef void pass_back(PyObject* root, double seed) noexcept:
    cdef PyObject* node
    cdef Wide* wide
    cdef Py_ssize_t i
    cdef double adjoint
    if is_leaf(root):
        (<Value>root).grad_ += seed
        return
    (<Value>root).grad_ = 0.0 + seed
    begin(root)
    while True:
        node = youngest()
        if node == NULL:
            return
        adjoint = (<Value>node).grad_
        if (<Value>node).a != NULL:
            pass_on((<Value>node).a, adjoint, partials_of(node)[0])
            if (<Value>node).b != NULL:
                pass_on((<Value>node).b, adjoint, partials_of(node)[1])
        else:
            wide = wide_of(node)
            for i in range(wide.count):
                pass_on(wide.terms[i].operand, adjoint, wide.terms[i].partial)


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
    node = NULL
    for i in range(len(roots)):
        if node == NULL or age(<PyObject*>roots[i]) > age(node):
            node = <PyObject*>roots[i]
    if node == NULL or is_leaf(node):
        return NULL
    begin(node)
    for i in range(len(roots)):
        if is_new(<PyObject*>roots[i]):
            enqueue(<PyObject*>roots[i])
    while True:  # to the end even without memory, as the queue must be left empty
        node = youngest()
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
                enqueue(operand_of(node, i))
    if failed:
        PyMem_Free(found)
        raise MemoryError
    return found
