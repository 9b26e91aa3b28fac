# Units of one layer, found among the dots of a layout: layers.h computes them side by side.
#
# A dot moves up to another one of the same activities, if nothing between them uses any of these: on
# the way back, their adjoints are then added up in the order in which all was recorded.

cdef struct Layers:
    # While they are found: of each row the instruction that used it last, and of each instruction
    # the first one of its layer (itself, for now, if it begins one) and the next one.
    int32_t* last_use
    int32_t* first
    int32_t* next
    int32_t found  # dots that move

cdef inline bint may_be_unit(const Instruction* at) noexcept:
    """Whether its activities are all of its rows."""
    return at.op == DOT and at.flags & UNIFORM_WEIGHTS and (
        at.count % 2 == 0 or at.flags & UNIFORM_BIAS
    )


cdef bint joins(Layout of, const Layers* layers, int32_t i) noexcept:
    """Whether instruction i has the activities of the layer that used the first of them last."""
    cdef const Instruction* at = &of.code[i]
    cdef const Operand* x = of.operands + at.first + at.count // 2
    cdef const Operand* its
    cdef int32_t before = layers.last_use[x.value], k
    if before == NOTHING or layers.first[before] == NOTHING:
        return False
    if of.code[before].flags != at.flags or of.code[before].count != at.count:
        return False
    if of.code[before].before == MOST_UNITS - 1:
        return False
    its = of.operands + of.code[before].first + at.count // 2
    for k in range(at.count // 2):
        if x[k].value != its[k].value or layers.last_use[x[k].value] != before:
            return False
    return True


cdef void find_units(Layout of, Layers* layers) noexcept:
    cdef Instruction* at
    cdef int32_t i, k, before, value
    cdef bint distinct
    for i in range(<int32_t>of.varying):
        at = &of.code[i]
        layers.first[i] = layers.next[i] = NOTHING
        if may_be_unit(at) and at.count > 1:
            if joins(of, layers, i):
                before = layers.last_use[of.operands[at.first + at.count // 2].value]
                layers.first[i] = layers.first[before]
                layers.next[before] = i
                at.before = <uint8_t>(of.code[before].before + 1)
                layers.found += 1
            else:
                layers.first[i] = i
        distinct = True
        for k in range(at.count):
            if not is_summed(at, k):
                value = of.operands[at.first + k].value
                distinct = distinct and layers.last_use[value] != i
                layers.last_use[value] = i
        if not distinct:
            layers.first[i] = NOTHING


cdef int stand_together(Layout of, const Layers* layers) except -1:
    """Let units follow the first of their layer, and operands the order of the code."""
    cdef Instruction* code = <Instruction*>allocated(of.varying * sizeof(Instruction))
    cdef Operand* operands
    cdef int32_t i, unit, made = 0, uses = 0
    try:
        operands = <Operand*>allocated(of.uses * sizeof(Operand))
    except MemoryError:
        PyMem_RawFree(code)
        raise
    for i in range(<int32_t>of.varying):
        unit = NOTHING if of.code[i].before else i
        while unit != NOTHING:
            code[made] = of.code[unit]
            code[made].first = uses
            memcpy(operands + uses, of.operands + of.code[unit].first, code[made].count * sizeof(Operand))
            uses += code[made].count
            made += 1
            unit = layers.next[unit]
    for i in range(made):
        if i + 1 == made or code[i + 1].before == 0:  # the last one of its layer
            for unit in range(code[i].before + 1):
                code[i - unit].after = <uint8_t>unit
    PyMem_RawFree(of.code)
    PyMem_RawFree(of.operands)
    of.code, of.operands = code, operands
    return 0


cdef int find_layers(Layout of) except -1:
    """Find them, and let their units follow one another."""
    cdef Layers layers
    cdef Py_ssize_t i
    cdef bint any_ = False
    for i in range(of.varying):
        any_ = any_ or may_be_unit(&of.code[i])
    if not any_:
        return 0
    layers.last_use = <int32_t*>allocated((of.rows + 2 * of.varying) * sizeof(int32_t))
    layers.first = layers.last_use + of.rows
    layers.next = layers.first + of.varying
    layers.found = 0
    for i in range(of.rows):
        layers.last_use[i] = NOTHING
    try:
        find_units(of, &layers)
        of.beside = layers.found
        if layers.found:
            stand_together(of, &layers)
    finally:
        PyMem_RawFree(layers.last_use)
    return 0
