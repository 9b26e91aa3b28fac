# Sharing rows among values and adjoints, so that few are in use at a time and the cache holds them.
#
# A value has its row from where it is computed to where it is last read, forward or backward; an
# adjoint from the backward pass's first addition to it until it is passed on. One that begins as another
# one shares its row until something is added to either. Rows of inputs and of spread numbers are
# theirs alone: they come first, and what is in them stays.

cdef struct Rows:
    # While rows are shared out, by number of the layout as it was before.
    int32_t* of  # each value's row
    int32_t* of_adjoint  # each adjoint's, -1 without
    uint32_t* last  # when each value is read last: 2n - 1 - i for step i of n on the way back
    int32_t* sharing  # how many adjoints are in each row
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


cdef inline int32_t row_for_adjoint(Rows* rows) noexcept:
    cdef int32_t row = row_for(rows)
    rows.sharing[row] = 1
    return row


cdef inline void leave(Rows* rows, int32_t row) noexcept:
    """One adjoint fewer is in that row."""
    rows.sharing[row] -= 1
    if rows.sharing[row] == 0:
        give_back(rows, row)


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


cdef inline bint passes_itself(const Instruction* at, Py_ssize_t k) noexcept:
    """Whether the backward pass passes an operation's adjoint on to operand number k as it is."""
    if at.op == DOT:
        return at.count % 2 and k == at.count - 1
    return at.op in (ADD, TOTAL) or at.op == SUB and k == 0


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
    """Give values and kept partials their rows, and write the steps forward."""
    cdef Way way = of.forth_steps
    cdef const Instruction* at
    cdef const Operand* use
    cdef Py_ssize_t i, k
    cdef int32_t instructions = 0
    for i in range(of.varying):
        at = &of.code[i]
        use = of.operands + at.first
        rows.of[at.value] = row_for(rows)
        if at.partial >= 0:
            rows.of[at.partial] = rows_for_partials(rows, at)
        if is_step(at):
            step_forward(&way, at, use, rows.of)
        else:
            add_instruction(&way, instructions)
            instructions += 1
        for k in range(at.count):
            if not is_summed(at, k):
                read_at(rows, use[k].value, <uint32_t>i)
        read_at(rows, at.value, <uint32_t>i)
    of.forth_steps, of.instructions = way, instructions


cdef inline bint share_adjoint(Rows* rows, int32_t g, Operand* use, bint itself) noexcept:
    """Let an operand's adjoint have a row when g is passed on to it; whether there is anything to compute."""
    cdef int32_t* row = &rows.of_adjoint[use.adjoint]
    use.sum = row[0]
    if row[0] < 0 and itself:
        row[0] = g
        rows.sharing[g] += 1
        use.sum = NOTHING
    elif row[0] < 0:
        row[0] = row_for_adjoint(rows)
        use.sum = FRESH
    elif rows.sharing[row[0]] > 1:
        leave(rows, row[0])
        row[0] = row_for_adjoint(rows)
    use.adjoint = row[0]
    return use.sum != NOTHING


cdef inline bint share_adjoints(Rows* rows, const Instruction* at, Operand* use, Way* way) noexcept:
    """Those of an instruction's operands, with steps if it is one; whether there is anything to compute."""
    cdef bint any_ = False, step = is_step(at)
    cdef bint both = at.op == MUL and use[0].adjoint >= 0 and use[1].adjoint >= 0
    cdef Py_ssize_t n, k
    for n in range(at.count):
        k = nth_passed_on(at, n)
        if use[k].adjoint >= 0 and is_summed(at, k):
            any_ = True
        elif use[k].adjoint >= 0 and share_adjoint(rows, at.adjoint, &use[k], passes_itself(at, k)):
            any_ = True
            if step and not both:
                step_backward(way, at, use, k, rows.of)
    if both:
        pass_products(way, use, at.adjoint, rows.of)
    return any_


cdef void share_backward(Layout of, Rows* rows) noexcept:
    """Give adjoints their rows, write the steps backward, and of other instructions all rows."""
    cdef Way way = of.back_steps
    cdef Instruction* at
    cdef Operand* use
    cdef Py_ssize_t i, k
    cdef int32_t instructions = <int32_t>of.instructions
    cdef uint32_t when
    cdef bint any_, step, in_layer = False
    if of.out_row[of.target] >= 0 and of.target_adjoint >= 0:
        rows.of_adjoint[of.target_adjoint] = row_for_adjoint(rows)
        of.target_adjoint = rows.of_adjoint[of.target_adjoint]
    for i in range(of.varying - 1, -1, -1):
        at, when = &of.code[i], <uint32_t>(2 * of.varying - 1 - i)
        use, step = of.operands + at.first, is_step(at)
        instructions -= not step
        any_ = in_layer  # a layer is in one run, from the last unit on that has to be looked at
        if at.adjoint >= 0:
            at.adjoint = rows.of_adjoint[at.adjoint]
            any_ = share_adjoints(rows, at, use, &way) or any_
        if any_ and not step:
            add_instruction(&way, instructions, True)
        in_layer = any_ and at.before > 0
        if at.adjoint >= 0:
            for k in range(at.count if at.partial >= 0 else 0):
                give_back(rows, rows.of[at.partial] + <int32_t>k)
            for k in range(at.count):
                if not is_summed(at, k):
                    read_at(rows, use[k].value, when)
            read_at(rows, at.value, when)
            leave(rows, at.adjoint)
        if step:
            continue
        at.value = rows.of[at.value]
        if at.partial >= 0:
            at.partial = rows.of[at.partial]
        for k in range(at.count):
            if not is_summed(at, k):
                use[k].value = rows.of[use[k].value]
    of.back_steps = way


cdef int share_rows(Layout of, int32_t** scratch) except -1:
    """Let values and adjoints share rows, and skip on the way back what has no adjoint.

    scratch: memory to work in, which grows.
    """
    cdef Py_ssize_t values = of.rows, adjoints = of.adjoints, i
    cdef Rows rows
    rows.of = <int32_t*>PyMem_RawRealloc(
        scratch[0], max(4 * values + 3 * adjoints, 1) * sizeof(int32_t)
    )
    if rows.of == NULL:
        raise MemoryError("replay: no memory for a layout")
    scratch[0] = rows.of
    rows.last = <uint32_t*>(rows.of + values)
    rows.of_adjoint = <int32_t*>(rows.last + values)
    rows.sharing = rows.of_adjoint + adjoints
    rows.free, rows.idle = rows.sharing + values + adjoints, 0
    rows.most = of.inputs + of.spreads
    rows.unread = rows.unread_count = 0
    make_way(&of.forth_steps, MOST_OF_STEP * of.varying)
    make_way(&of.back_steps, 0 if of.forward_only else 2 * of.varying + MOST_OF_STEP * of.uses)
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
    leave_out_steps(of)
    return 0
