/* The dots of a tape: sums of products, found again node by node, forward and then backward.

   Forward, a product that is used once waits for its sum, and a sum that is used once for a longer one.
   Backward, adjoints are pulled: each is the dot of the adjoints of its uses with their partials, in
   the order in which the backward pass of lanes.h adds them up. No step goes down into operands: what
   a product needs is closed when it is met, so that a chain of a million products takes no recursion. */

#pragma once

/* Room for all that one instruction of so many operands may make. */
static int room_for(Planner *of, Py_ssize_t operands)
{
    return grown(&of->made, sizeof(Made), of->nodes, 3 * operands + 6, &of->room_for_nodes)
        && grown(&of->terms, sizeof(Term), of->term_count, of->link_count + 5 * operands + 8,
                 &of->room_for_terms)
        && grown(&of->formulas.at, sizeof(int32_t), of->formulas.count, 2, &of->formulas.room)
        && grown(&of->links, sizeof(Link), of->link_count, 3 * operands + 6, &of->room_for_links);
}

static int32_t made(Planner *of, int32_t kind, int32_t level)
{
    of->made[of->nodes] = (Made){(int32_t)of->term_count, 0, level, kind};
    return (int32_t)of->nodes++;
}

static void term(Planner *of, int32_t node, int32_t a, int32_t b)
{
    Made *to = &of->made[node];
    int32_t above = of->made[a].level > of->made[b].level ? of->made[a].level : of->made[b].level;
    of->terms[of->term_count++] = (Term){a, b};
    to->count++;
    if (to->level <= above)
        to->level = above + 1;
}

static int32_t of_three(Planner *of, int32_t kind, int32_t a, int32_t b, int32_t c)
{
    int32_t node = made(of, kind, 1);
    int32_t operands[3] = {a, b, c};
    for (int i = 0; i < 3 && operands[i] >= 0; i++)
        term(of, node, operands[i], ONE);
    return node;
}

static int32_t link_of(Planner *of, int32_t a, int32_t b)
{
    int32_t at = of->free_link;
    if (at >= 0)
        of->free_link = of->links[at].next;
    else
        at = (int32_t)of->link_count++;
    of->links[at] = (Link){a, b, -1};
    return at;
}

typedef struct { int32_t head, tail; } List; /* of links; empty where the head is -1 */

static void append(Planner *of, List *list, List more)
{
    if (list->head < 0)
        *list = more;
    else {
        of->links[list->tail].next = more.head;
        list->tail = more.tail;
    }
}

static void add_term(Planner *of, List *list, int32_t a, int32_t b)
{
    int32_t at = link_of(of, a, b);
    append(of, list, (List){at, at});
}

/* The dot of a list, which is gone then; a number times 1 is that number. */
static int32_t dot_of(Planner *of, List list, int may_alias)
{
    Link *first = &of->links[list.head];
    int32_t node;
    if (list.head == list.tail && may_alias && first->b == ONE)
        node = first->a;
    else {
        node = made(of, DOTS, 1);
        for (int32_t at = list.head; at >= 0; at = of->links[at].next)
            term(of, node, of->links[at].a, of->links[at].b);
    }
    of->links[list.tail].next = of->free_link;
    of->free_link = list.head;
    return node;
}

/* The node of a place: a leaf's, or what waits there, closed. */
static int32_t closed(Planner *of, Py_ssize_t place)
{
    if (of->node[place] < 0) {
        if (of->head[place] >= 0) {
            of->node[place] = dot_of(of, (List){of->head[place], of->tail[place]}, 1);
            of->head[place] = -1;
        } else
            of->node[place] = made(of, LEAF, 0);
    }
    return of->node[place];
}

/* One more summand: a list that waits is taken over where the order of the sum allows it. */
static void add_place(Planner *of, List *sum, Py_ssize_t place)
{
    int32_t head = of->node[place] < 0 ? of->head[place] : -1;
    if (head >= 0) {
        List more = {head, of->tail[place]};
        int of_one = sum->head == sum->tail; /* or of none */
        if (more.head == more.tail || sum->head < 0) {
            append(of, sum, more);
            of->head[place] = -1;
            return;
        }
        if (of_one) { /* a + (b + c) is (b + c) + a */
            append(of, &more, *sum);
            *sum = more;
            of->head[place] = -1;
            return;
        }
    }
    add_term(of, sum, closed(of, place), ONE);
}

static Py_ssize_t place_of(const Planner *of, const Instruction *at, Py_ssize_t k)
{
    int uniform = at->op == DOT
        && ((at->flags & UNIFORM_WEIGHTS && k < at->count / 2) || (at->flags & UNIFORM_BIAS && k == at->count - 1));
    return of->operands[at->first + k].value + (uniform ? of->rows : 0);
}

/* An operation whose partials are kept with its value: companions right after its node. */
static int32_t with_companions(Planner *of, const Instruction *at, int32_t kind)
{
    for (Py_ssize_t k = 0; k < at->count; k++) /* leaves and what waits, first: the terms lie in one piece */
        closed(of, place_of(of, at, k));
    int32_t node = made(of, kind, 1);
    if (kind == FORMULA) {
        of->formulas.at[of->formulas.count++] = node;
        of->formulas.at[of->formulas.count++] = (int32_t)(at - of->code);
    }
    for (Py_ssize_t k = 0; k < at->count; k++)
        term(of, node, closed(of, place_of(of, at, k)), ONE);
    for (Py_ssize_t k = 0; k < at->count; k++)
        made(of, COMPANION, of->made[node].level);
    return node;
}

static int32_t operation(Planner *of, const Instruction *at)
{
    static const struct { int32_t op, kind; } simple[] = {
        {DIV, DIVIDE}, {SQRT, ROOT}, {EXP, EXPONENTIAL}, {ABS, ABSOLUTE}, {RELU, RELUS},
        {MAXIMUM, THE_LARGER}, {MINIMUM, THE_SMALLER}, {WHERE_POSITIVE, SELECT},
    };
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++)
        if (at->op == simple[i].op) {
            int32_t x[3] = {-1, -1, -1};
            for (Py_ssize_t k = 0; k < at->count && k < 3; k++)
                x[k] = closed(of, place_of(of, at, k));
            return of_three(of, simple[i].kind, x[0], x[1], x[2]);
        }
    if (at->op == SIGMOID)
        return with_companions(of, at, SIGMOIDS);
    if (at->op == LOGSUMEXP)
        return with_companions(of, at, SHARES);
    return with_companions(of, at, has_no_arithmetic(at) ? FORMULA : SCALARS + at->op);
}

static void forward_dots(Planner *of, const Instruction *at)
{
    List list = {-1, -1};
    switch (at->op) {
    case ADD:
        add_place(of, &list, place_of(of, at, 0));
        add_place(of, &list, place_of(of, at, 1));
        break;
    case SUB:
        add_place(of, &list, place_of(of, at, 0));
        add_term(of, &list, closed(of, place_of(of, at, 1)), MINUS_ONE);
        break;
    case NEG:
        add_term(of, &list, closed(of, place_of(of, at, 0)), MINUS_ONE);
        break;
    case MUL: {
        int32_t a = closed(of, place_of(of, at, 0));
        add_term(of, &list, a, closed(of, place_of(of, at, 1)));
        break;
    }
    case DOT:
        if (at->flags & BIAS_FIRST && at->count % 2)
            add_place(of, &list, place_of(of, at, at->count - 1));
        for (Py_ssize_t k = 0; k < at->count / 2; k++) {
            int32_t w = closed(of, place_of(of, at, k));
            add_term(of, &list, w, closed(of, place_of(of, at, at->count / 2 + k)));
        }
        if (!(at->flags & BIAS_FIRST))
            add_place(of, &list, place_of(of, at, at->count - 1));
        break;
    case TOTAL:
        for (Py_ssize_t k = 0; k < at->count; k++)
            add_place(of, &list, place_of(of, at, k));
        if (at->count == 0)
            add_term(of, &list, ZERO, ONE);
        break;
    default:
        of->node[at->value] = operation(of, at);
        return;
    }
    of->head[at->value] = list.head;
    of->tail[at->value] = list.tail;
    if (of->uses[at->value] != 1)
        closed(of, at->value);
}

static void contribute(Planner *of, Py_ssize_t place, int32_t adjoint, int32_t partial)
{
    List list = {of->head[place], of->tail[place]};
    add_term(of, &list, adjoint, partial);
    of->head[place] = list.head;
    of->tail[place] = list.tail;
}

/* The adjoint of a place, of all that was contributed to it; -1 if the result doesn't depend on it. */
static int32_t adjoint_of(Planner *of, Py_ssize_t place)
{
    if (of->head[place] < 0)
        return -1;
    List list = {of->head[place], of->tail[place]};
    of->head[place] = -1;
    /* 0.0 + x is x, but for -0.0: no adjoint that begins at 0.0 is that, but what ABS passes on */
    int may_alias = signbit(of->plan->start) || of->made[of->links[list.head].a].kind != SIGNED;
    return dot_of(of, list, may_alias);
}

/* What an instruction's adjoint g passes on, operand by operand as in lanes.h; 0 without memory. */
static int backward_dots(Planner *of, const Instruction *at, int32_t g, Ints *touched, Ints *sums)
{
    const Operand *operand = of->operands + at->first;
    int32_t x[3] = {0, 0, 0}, y = of->node[at->value];
    const Py_ssize_t terms = at->count / 2;
    for (Py_ssize_t n = 0; n < at->count; n++) {
        Py_ssize_t k = n;
        if (at->op == DOT && n < 2 * terms) {
            k = at->flags & BIAS_FIRST ? terms - 1 - n / 2 : n / 2;
            k += n % 2 ? 0 : terms;
        }
        if (operand[k].adjoint < 0)
            continue;
        Py_ssize_t place = place_of(of, at, k);
        int32_t partial = ONE, by = g;
        for (Py_ssize_t i = 0; i < at->count && i < 3 && at->op != DOT && at->op != TOTAL; i++)
            x[i] = of->node[place_of(of, at, i)]; /* closed, where it is used below */
        switch (at->op) {
        case ADD: case TOTAL: break;
        case SUB: partial = k ? MINUS_ONE : ONE; break;
        case NEG: partial = MINUS_ONE; break;
        case MUL: partial = x[1 - k]; break;
        case DIV:
            partial = k ? of_three(of, QUOTIENT, y, x[1], -1) : of_three(of, RECIPROCAL, x[1], -1, -1);
            break;
        case ABS: by = of_three(of, SIGNED, x[0], g, -1); break;
        case EXP: partial = y; break;
        case SQRT: partial = of_three(of, HALF, y, -1, -1); break;
        case RELU: by = of_three(of, WHERE_ABOVE, x[0], g, -1); break;
        case MAXIMUM: by = of_three(of, LARGER_ONE, x[k], x[1 - k], g); break;
        case MINIMUM: by = of_three(of, LARGER_ONE, x[1 - k], x[k], g); break;
        case WHERE_POSITIVE:
            by = k == 0 ? ZERO : of_three(of, k == 1 ? WHERE_ABOVE : ELSEWHERE, x[0], g, -1);
            break;
        case DOT:
            if (k < 2 * terms)
                partial = of->node[place_of(of, at, k < terms ? k + terms : k - terms)];
            break;
        default: partial = y + 1 + (int32_t)k;
        }
        if (place >= of->rows) { /* a uniform number's use has a sum of its own */
            if (!grown(&sums->at, sizeof(int32_t), sums->count, 3, &sums->room))
                return 0;
            sums->at[sums->count++] = operand[k].adjoint;
            sums->at[sums->count++] = by;
            sums->at[sums->count++] = partial;
            continue;
        }
        if (of->head[place] < 0 && of->role[place] & ASKED) {
            if (!grown(&touched->at, sizeof(int32_t), touched->count, 1, &touched->room))
                return 0;
            touched->at[touched->count++] = (int32_t)place;
        }
        contribute(of, place, by, partial);
    }
    return 1;
}

/* All numbers to compute, forward and backward; 0 without memory. The slots of moves are nodes as yet. */
static int find_dots(Planner *of)
{
    Plan *plan = of->plan;
    Ints touched = {NULL, 0, 0}, sums = {NULL, 0, 0};
    Py_ssize_t place, i;
    int fine = room_for(of, 0);
    for (int32_t constant = 0; fine && constant < CONSTANTS; constant++)
        made(of, LEAF, 0);
    for (place = 0; place < of->places; place++) {
        of->node[place] = of->head[place] = -1;
        of->uses[place] = place < of->rows && of->role[place] & KEPT ? 2 : 0;
    }
    for (i = 0; i < of->count; i++)
        for (Py_ssize_t k = 0; k < of->code[i].count; k++)
            of->uses[place_of(of, &of->code[i], k)]++;
    for (i = 0; i < of->count && fine; i++) {
        fine = room_for(of, of->code[i].count);
        if (fine)
            forward_dots(of, &of->code[i]);
    }
    for (i = 0; i < of->count && fine; i++)
        if (of->role[of->code[i].value] & KEPT)
            fine = moved(&plan->values, of->node[of->code[i].value], of->code[i].value);
    for (i = 0; i < of->count; i++)
        of->uses[of->code[i].value] = -1; /* no leaf, though it may be another name of one */
    for (place = 0; place < of->places && fine; place++)
        if (of->uses[place] > 0 && of->node[place] >= 0)
            fine = moved(&plan->loads, of->node[place], (int32_t)place);
    of->backward = of->nodes;
    for (place = 0; place < of->places; place++)
        of->head[place] = -1;
    of->free_link = -1;
    of->link_count = 0;
    for (place = 0; place < of->rows && fine; place++)
        if (of->role[place] & SEEDED && of->uses[place] != 0) {
            fine = room_for(of, 1);
            if (!fine)
                break;
            int32_t seed = made(of, LEAF, 0);
            fine = moved(&plan->seeds, seed, (int32_t)place);
            contribute(of, place, seed, ONE);
            if (of->role[place] & ASKED) { /* a leaf that is seeded, too */
                fine = fine && grown(&touched.at, sizeof(int32_t), touched.count, 1, &touched.room);
                if (fine)
                    touched.at[touched.count++] = (int32_t)place;
            }
        }
    for (i = of->count - 1; i >= 0 && fine; i--) {
        if (of->code[i].adjoint < 0)
            continue;
        fine = room_for(of, of->code[i].count);
        int32_t g = fine ? adjoint_of(of, of->code[i].value) : -1;
        if (g >= 0)
            fine = backward_dots(of, &of->code[i], g, &touched, &sums);
    }
    for (i = 0; i < touched.count && fine; i++) {
        fine = room_for(of, 0);
        if (fine)
            fine = moved(&plan->adjoints, adjoint_of(of, touched.at[i]), touched.at[i]);
    }
    for (i = 0; i < sums.count && fine; i += 3) {
        fine = room_for(of, 1);
        if (fine) {
            List list = {-1, -1};
            add_term(of, &list, sums.at[i + 1], sums.at[i + 2]);
            fine = moved(&plan->sums, dot_of(of, list, 1), sums.at[i]);
        }
    }
    PyMem_RawFree(touched.at);
    PyMem_RawFree(sums.at);
    return fine;
}
