# Sharing rows among values and adjoints, so that few are in use at a time and the cache holds them.
#
# A value has its row from where it is computed to where it is last read, forward or backward; an
# adjoint from the backward pass's first addition to it until it is passed on. Rows of inputs and
# of spread numbers are theirs alone: they come first, and what is in them stays.

cdef struct Rows:
    # While rows are shared out, by number of the layout as it was before.
    int32_t* of  # each value's row
    int32_t* of_adjoint  # each adjoint's, -1 without
    uint32_t* last  # when each value is read last: 2n - 1 - i for step i of n on the way back
    int32_t* free
    Py_ssize_t idle, most
    Py_ssize_t unread, unread_count  # rows for partials that no backward pass reads

cdef enum: NEVER = 0xFFFFFFFF


cdef inline int32_t row_for(Rows* rows) noexcept:
    """The row that was free for the shortest time: it is in the cache."""
    if rows.idle:
        rows.idle -= 1
        return rows.free[rows.idle]
    return next_of(&rows.most)


cdef inline void give_back(Rows* rows, int32_t row) noexcept:
    rows.free[rows.idle] = row
    rows.idle += 1


cdef inline void read_at(Rows* rows, int32_t value, uint32_t when) noexcept:
    """Give its row back if this was the last time."""
    if rows.last[value] == when:
        rows.last[value] = NEVER
        give_back(rows, rows.of[value])


cdef inline Py_ssize_t nth_passed_on(const Instruction* at, Py_ssize_t n) noexcept:
    """The operand that the backward pass in lanes.h adds to in its n-th step."""
    cdef Py_ssize_t terms = at.count // 2, term = terms - 1 - n // 2
    if at.op != DOT or not at.flags & BIAS_FIRST or n == 2 * terms:
        return n
    return term if n % 2 else terms + term


cdef inline bint is_read_back(const Instruction* at, const Operand* use, Py_ssize_t k) noexcept:
    """Whether the backward pass reads operand number k, or at least may."""
    cdef Py_ssize_t terms = at.count // 2
    if at.op in (ADD, SUB, NEG, TOTAL, EXP, SQRT) or keeps_partials(at.op):
        return False
    if at.op == MUL:
        return use[1 - k].adjoint >= 0
    if at.op == DOT:
        return k < 2 * terms and use[k + terms if k < terms else k - terms].adjoint >= 0
    return True


cdef inline bint reads_result(int32_t op) noexcept:
    """Whether the backward pass reads an operation's own value."""
    return op in (DIV, EXP, SQRT)


cdef void find_last_reads(Layout of, Rows* rows) noexcept:
    """When each value is read last. Also skips what has no adjoint on the way back."""
    cdef Instruction* at
    cdef Operand* use
    cdef Py_ssize_t i, k
    cdef uint32_t when
    for i in range(of.varying):
        at = &of.code[i]
        rows.last[at.value] = <uint32_t>i
        for k in range(at.count):
            if not is_summed(at, k):
                rows.last[of.operands[at.first + k].value] = <uint32_t>i
    if of.out_row[of.target] >= 0 and of.target_adjoint >= 0:
        rows.of_adjoint[of.target_adjoint] = 0
    for i in range(of.varying - 1, -1, -1):
        at = &of.code[i]
        if at.adjoint >= 0 and rows.of_adjoint[at.adjoint] < 0:
            at.adjoint = -1
        if at.adjoint < 0:
            continue
        use, when = &of.operands[at.first], <uint32_t>(2 * of.varying - 1 - i)
        for k in range(at.count):
            if is_summed(at, k):
                continue
            if use[k].adjoint >= 0:
                rows.of_adjoint[use[k].adjoint] = 0
            if is_read_back(at, use, k):
                rows.last[use[k].value] = when
        if reads_result(at.op):
            rows.last[at.value] = when
    for i in range(of.adjoints):
        rows.of_adjoint[i] = -1
    for i in range(of.inputs):
        rows.last[i] = NEVER
    for i in range(of.spreads):
        rows.last[of.spread_row[i]] = NEVER
    for i in range(of.outputs):
        if of.out_row[i] >= 0:
            rows.last[of.out_row[i]] = NEVER


cdef int32_t rows_for_partials(Rows* rows, const Instruction* at) noexcept:
    """The first of as many as the operation has operands, side by side."""
    cdef Py_ssize_t first = rows.most
    if at.adjoint < 0:
        if rows.unread_count < at.count:
            rows.unread, rows.unread_count = first, at.count
            rows.most += at.count
        return <int32_t>rows.unread
    if at.count == 1:
        return row_for(rows)
    rows.most += at.count
    return <int32_t>first


cdef void share_forward(Layout of, Rows* rows) noexcept:
    """Give values and kept partials their rows."""
    cdef const Instruction* at
    cdef Py_ssize_t i, k
    for i in range(of.varying):
        at = &of.code[i]
        rows.of[at.value] = row_for(rows)
        if at.partial >= 0:
            rows.of[at.partial] = rows_for_partials(rows, at)
        for k in range(at.count):
            if not is_summed(at, k):
                read_at(rows, of.operands[at.first + k].value, <uint32_t>i)
        read_at(rows, at.value, <uint32_t>i)


cdef void share_backward(Layout of, Rows* rows) noexcept:
    """Give adjoints their rows, and write down all rows."""
    cdef Instruction* at
    cdef Operand* use
    cdef Py_ssize_t i, k
    cdef uint32_t when
    if of.out_row[of.target] >= 0 and of.target_adjoint >= 0:
        rows.of_adjoint[of.target_adjoint] = row_for(rows)
        of.target_adjoint = rows.of_adjoint[of.target_adjoint]
    for i in range(of.varying - 1, -1, -1):
        at, when = &of.code[i], <uint32_t>(2 * of.varying - 1 - i)
        if at.adjoint >= 0:
            at.adjoint = rows.of_adjoint[at.adjoint]
            for k in range(at.count):
                use = &of.operands[at.first + nth_passed_on(at, k)]
                if use.adjoint >= 0 and not is_summed(at, nth_passed_on(at, k)):
                    use.fresh = rows.of_adjoint[use.adjoint] < 0
                    if use.fresh:
                        rows.of_adjoint[use.adjoint] = row_for(rows)
                    use.adjoint = rows.of_adjoint[use.adjoint]
            for k in range(at.count if at.partial >= 0 else 0):
                give_back(rows, rows.of[at.partial] + <int32_t>k)
            for k in range(at.count):
                if not is_summed(at, k):
                    read_at(rows, of.operands[at.first + k].value, when)
            read_at(rows, at.value, when)
            give_back(rows, at.adjoint)
        at.value = rows.of[at.value]
        if at.partial >= 0:
            at.partial = rows.of[at.partial]
        for k in range(at.count):
            if not is_summed(at, k):
                use = &of.operands[at.first + k]
                use.value = rows.of[use.value]


cdef int share_rows(Layout of) except -1:
    """Let values and adjoints share rows, and skip on the way back what has no adjoint."""
    cdef Py_ssize_t values = of.rows, i
    cdef Rows rows
    rows.of = <int32_t*>allocated((3 * values + 2 * of.adjoints) * sizeof(int32_t))
    rows.last = <uint32_t*>(rows.of + values)
    rows.of_adjoint = <int32_t*>(rows.last + values)
    rows.free, rows.idle = rows.of_adjoint + of.adjoints, 0
    rows.most = of.inputs + of.spreads
    rows.unread = rows.unread_count = 0
    for i in range(of.adjoints):
        rows.of_adjoint[i] = -1
    for i in range(of.inputs):
        rows.of[i] = <int32_t>i
    for i in range(of.spreads):
        rows.of[of.spread_row[i]] = <int32_t>(of.inputs + i)
    find_last_reads(of, &rows)
    share_forward(of, &rows)
    share_backward(of, &rows)
    for i in range(of.outputs):
        if of.out_row[i] >= 0:
            of.out_row[i] = rows.of[of.out_row[i]]
    for i in range(of.inputs):
        if of.input_adjoint[i] >= 0:
            of.input_adjoint[i] = rows.of_adjoint[of.input_adjoint[i]]
    for i in range(of.spreads):
        of.spread_row[i] = <int32_t>(of.inputs + i)
        if of.spread_adjoint[i] >= 0:
            of.spread_adjoint[i] = rows.of_adjoint[of.spread_adjoint[i]]
    of.rows = rows.most
    PyMem_RawFree(rows.of)
    return 0
