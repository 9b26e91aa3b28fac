# Sums of products written with + and *, found before a recording is laid out.
#
# b + v * x + w * y + ... becomes one DOT, and a + b + c + ... one TOTAL: a row for each of their
# nodes would be written only to be read once. Their terms are added, and passed on, in the order of
# the nodes they replace, so that no bit changes.

cdef enum:  # what chains become: see Operation
    PRODUCTS
    SUMMANDS
    CHAINS

cdef struct Chains:
    # While they are looked for: the graph as recorded, and of each node how often it is used and
    # whether it varies, and of each operation the chain that it became part of, if any.
    const Graph* of
    uint8_t* seen
    int32_t* within
    int32_t* last  # the place of the use of a node that was seen last, and the chain it is in
    int32_t* last_within

cdef struct Written:
    # The graph with chains.
    Py_ssize_t count
    int32_t* code
    int32_t* starts
    int32_t* operands
    int32_t* outputs

cdef enum:
    NO_CHAIN = -1
    OWN_CHAIN = -2  # the last sum of a chain
    ROUNDS = 8  # of taking back chains that would add up in another order
    ONCE = 1  # what is seen of a node: it is used so often, and it varies
    OFTEN = 3
    VARIES = 4

cdef struct Link:
    # One sum of a chain: its last term, and the chain up to there.
    int32_t term, rest


cdef inline int32_t op_at(const Graph* of, Py_ssize_t i) noexcept:
    return of.operations[of.code[i]].op


cdef inline bint used_once(const Chains* all, Py_ssize_t slot, int32_t op) noexcept:
    """Whether a node is such an operation, which differs from case to case, for one other node."""
    return (
        all.seen[slot] == VARIES | ONCE and slot >= all.of.leaves
        and op_at(all.of, slot - all.of.leaves) == op
    )


cdef inline bint is_product(const Chains* all, Py_ssize_t slot) noexcept:
    return used_once(all, slot, MUL)


cdef inline bint adds_product(const Chains* all, Py_ssize_t i) noexcept:
    cdef const int32_t* operand = all.of.operands + all.of.starts[i]
    return is_product(all, operand[0]) or is_product(all, operand[1])


cdef inline Link link(const Chains* all, Py_ssize_t i, bint of_products) noexcept:
    cdef const int32_t* operand = all.of.operands + all.of.starts[i]
    if of_products:
        if is_product(all, operand[1]):
            return Link(operand[1], operand[0])
        return Link(operand[0], operand[1])
    if used_once(all, operand[0], ADD) and not adds_product(all, operand[0] - all.of.leaves):
        return Link(operand[1], operand[0])
    if used_once(all, operand[1], ADD) and not adds_product(all, operand[1] - all.of.leaves):
        return Link(operand[0], operand[1])
    return Link(operand[1], operand[0])


cdef inline bint goes_on(const Chains* all, int32_t rest, bint of_products) noexcept:
    """Whether the chain up to here is one of the same kind, or ends in a single term."""
    return used_once(all, rest, ADD) and adds_product(all, rest - all.of.leaves) == of_products


cdef Py_ssize_t terms_of(const Chains* all, Py_ssize_t i, bint of_products) noexcept:
    """How many terms the chain has that ends in this sum, the first one apart if it is no product."""
    cdef Py_ssize_t terms = 0
    cdef Link at
    while True:
        at = link(all, i, of_products)
        terms += 1
        if not goes_on(all, at.rest, of_products):
            return terms + (not of_products or is_product(all, at.rest))
        i = at.rest - all.of.leaves


cdef void mark(Chains* all, Py_ssize_t i, bint of_products, bint as_chain) noexcept:
    """Make the chain that ends in this sum one, or take it back."""
    cdef Py_ssize_t leaves = all.of.leaves
    cdef int32_t root = <int32_t>i if as_chain else NO_CHAIN
    cdef Link at
    all.within[i] = OWN_CHAIN if as_chain else NO_CHAIN
    while True:
        at = link(all, i, of_products)
        if of_products:
            all.within[at.term - leaves] = root
        if not goes_on(all, at.rest, of_products):
            if of_products and is_product(all, at.rest):
                all.within[at.rest - leaves] = root
            return
        i = at.rest - leaves
        all.within[i] = root


cdef inline Py_ssize_t note(Chains* all, int32_t slot, Py_ssize_t place, int32_t chain) noexcept:
    """A node's next use, on the way back. Returns the chain that comes too early, if one does."""
    cdef Py_ssize_t early = NO_CHAIN
    if all.last[slot] < place:
        early = all.last_within[slot]
    all.last[slot], all.last_within[slot] = <int32_t>place, chain
    return early


cdef Py_ssize_t too_early(Chains* all, Py_ssize_t i, bint of_products) noexcept:
    """As `note`, for all uses in a chain: each product's is where that was recorded."""
    cdef Py_ssize_t root = i, leaves = all.of.leaves, early = NO_CHAIN, found, k, place
    cdef bint more = True
    cdef int32_t term
    cdef Link at
    while more:
        at = link(all, i, of_products)
        more = goes_on(all, at.rest, of_products)
        for k in range(1 if more else 2):
            term = at.rest if k else at.term
            if of_products and is_product(all, term):
                place = all.of.starts[term - leaves]
                found = note(all, all.of.operands[place], term - leaves, <int32_t>root)
                early = found if found >= 0 else early
                found = note(all, all.of.operands[place + 1], term - leaves, <int32_t>root)
            else:
                found = note(all, term, i, <int32_t>root)
            early = found if found >= 0 else early
        i = at.rest - leaves
    return early


cdef bint in_order(Chains* all) noexcept:
    """Take back the chains that pass anything on before an operation recorded after it does."""
    cdef const Graph* of = all.of
    cdef bint fine = True
    cdef Py_ssize_t i, k, early, found
    for i in range(of.leaves + of.count):
        all.last[i], all.last_within[i] = 0x7FFFFFFF, NO_CHAIN
    for i in range(of.count - 1, -1, -1):
        early = NO_CHAIN
        if all.within[i] == OWN_CHAIN:
            early = too_early(all, i, adds_product(all, i))
        elif all.within[i] == NO_CHAIN:
            for k in range(of.starts[i], of.starts[i + 1]):
                found = note(all, of.operands[k], i, NO_CHAIN)
                early = found if found >= 0 else early
        if early >= 0 and all.within[early] == OWN_CHAIN:
            mark(all, early, adds_product(all, early), False)
            fine = False
    return fine


cdef bint find_chains(Chains* all) noexcept:
    """Whether there are any."""
    cdef const Graph* of = all.of
    cdef Py_ssize_t i
    cdef bint of_products, found = False
    for i in range(of.count - 1, -1, -1):
        if op_at(of, i) == ADD and all.within[i] == NO_CHAIN and all.seen[of.leaves + i] & VARIES:
            of_products = adds_product(all, i)
            if terms_of(all, i, of_products) > (1 if of_products else 2):
                mark(all, i, of_products, True)
                found = True
    return found


cdef bint put_in_order(Chains* all) noexcept:
    """Take back what would add up in another order. Whether any chains are left."""
    cdef Py_ssize_t rounds
    for rounds in range(ROUNDS):
        if in_order(all):
            return True
    return False


cdef void look_at_nodes(Chains* all, Py_ssize_t inputs, Py_ssize_t outputs) noexcept:
    """See how often each is used, and whether it varies."""
    cdef const Graph* of = all.of
    cdef Py_ssize_t i, k
    cdef uint8_t varies
    memset(all.seen, 0, of.leaves + of.count)
    memset(all.seen, VARIES, inputs)
    for i in range(of.count):
        all.within[i] = NO_CHAIN
        varies = 0
        for k in range(of.starts[i], of.starts[i + 1]):
            varies |= all.seen[of.operands[k]] & VARIES
            if not all.seen[of.operands[k]] & 2:
                all.seen[of.operands[k]] += 1
        all.seen[of.leaves + i] = varies
    for i in range(outputs):
        all.seen[of.outputs[i]] |= OFTEN


cdef void write_chain(
    const Chains* all, Py_ssize_t i, int32_t ops, const int32_t* number, Written* to
) noexcept:
    """Append a chain's terms from the first to the last: of a DOT the weights before the activities."""
    cdef const Graph* of = all.of
    cdef bint of_products = adds_product(all, i), more = True
    cdef Py_ssize_t terms = terms_of(all, i, of_products), n = terms, k, leaves = of.leaves
    cdef int32_t* operands = to.operands + to.starts[to.count]
    cdef int32_t w, x, term
    cdef Link at
    to.starts[to.count + 1] = <int32_t>(to.starts[to.count] + (2 * terms if of_products else terms))
    while more:
        at = link(all, i, of_products)
        more = goes_on(all, at.rest, of_products)
        for k in range(1 if more else 2):
            term = at.rest if k else at.term
            if not of_products:
                n -= 1
                operands[n] = number[term]
            elif not is_product(all, term):  # where the chain begins
                operands[2 * terms] = number[term]
                to.starts[to.count + 1] += 1
            else:
                n -= 1
                w = of.operands[of.starts[term - leaves]]
                x = of.operands[of.starts[term - leaves] + 1]
                if all.seen[w] & VARIES and not all.seen[x] & VARIES:
                    w, x = x, w
                operands[n], operands[terms + n] = number[w], number[x]
        i = at.rest - leaves
    to.code[to.count] = ops + (SUMMANDS if not of_products else PRODUCTS)


cdef Written room_for_chains(const Chains* all, Py_ssize_t outputs) except *:
    """Room for the graph; it is given back with `code`."""
    cdef const Graph* of = all.of
    cdef Py_ssize_t count = of.count, uses = of.starts[of.count], i
    cdef int32_t* memory
    for i in range(of.count):
        if all.within[i] >= 0:
            count -= 1
            uses -= op_at(of, i) == ADD
    memory = <int32_t*>allocated((2 * count + 1 + uses + outputs) * sizeof(int32_t))
    memory[count] = 0
    return Written(
        0, memory, memory + count, memory + 2 * count + 1, memory + 2 * count + 1 + uses
    )


cdef Graph write_chains(const Chains* all, int32_t ops, Py_ssize_t outputs) except *:
    """The graph that the chains leave, its nodes numbered anew."""
    cdef const Graph* of = all.of
    cdef Written to = room_for_chains(all, outputs)
    cdef int32_t* number = all.last  # which is no longer needed
    cdef Py_ssize_t i, k
    for i in range(of.leaves):
        number[i] = <int32_t>i
    for i in range(of.count):
        if all.within[i] >= 0:
            continue
        if all.within[i] == OWN_CHAIN:
            write_chain(all, i, ops, number, &to)
        else:
            to.code[to.count] = of.code[i]
            to.starts[to.count + 1] = to.starts[to.count] + of.starts[i + 1] - of.starts[i]
            for k in range(of.starts[i], of.starts[i + 1]):
                to.operands[to.starts[to.count] + k - of.starts[i]] = number[of.operands[k]]
        number[of.leaves + i] = <int32_t>(of.leaves + to.count)
        to.count += 1
    for i in range(outputs):
        to.outputs[i] = number[of.outputs[i]]
    return Graph(
        of.leaves, to.count, of.operations, to.code, to.starts, to.operands, to.outputs, NULL
    )


cdef Graph with_chains(
    const Graph* of, int32_t ops, Py_ssize_t inputs, Py_ssize_t outputs
) except *:
    """The same graph with its chains as DOTs and TOTALs: of so many operations, the ones after them.

    It is given back with `code`, but where that is the graph's own: there are none.
    """
    cdef Py_ssize_t slots = of.leaves + of.count
    cdef int32_t* memory = <int32_t*>allocated(of.count * sizeof(int32_t) + slots)
    cdef int32_t* more = NULL
    cdef Chains all = Chains(of, <uint8_t*>(memory + of.count), memory, NULL, NULL)
    try:
        look_at_nodes(&all, inputs, outputs)
        if not find_chains(&all):
            return of[0]
        more = <int32_t*>allocated(2 * slots * sizeof(int32_t))
        all.last, all.last_within = more, more + slots
        if not put_in_order(&all):
            return of[0]
        return write_chains(&all, ops, outputs)
    finally:
        PyMem_RawFree(memory)
        PyMem_RawFree(more)
