/* The dots of a tape: sums of products, found again node by node, forward and then backward.

   Forward, a product that is used once waits for its sum, and a sum that is used once for a longer one.
   Backward, adjoints are pulled: each is the dot of the adjoints of its uses with their partials, in
   the order in which the backward pass of lanes.h adds them up. No step goes down into operands: what
   a product needs is closed when it is met, so that a chain of a million products takes no recursion. */

#pragma once

enum { FAR_AHEAD = 16 }; /* instructions: what they use lies anywhere in memory */

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

/* Of an operand. The way back begins with all of the way forward done: there, that is no level. */
static int32_t level_of(const Planner *of, int32_t node)
{
    return node < of->backward ? 0 : of->made[node].level;
}

static void term(Planner *of, int32_t node, int32_t a, int32_t b)
{
    int32_t *level = &of->made[node].level, of_a = level_of(of, a), of_b = level_of(of, b);
    of->terms[of->term_count++] = (Term){a, b};
    of->made[node].count++;
    if (*level <= of_a)
        *level = of_a + 1;
    if (*level <= of_b)
        *level = of_b + 1;
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

typedef struct { int32_t head, tail, level; } List; /* of links, and its dot's level; empty where the head is -1 */

/* A node, and its level: which the way forward knows without a look at the node, somewhere in memory. */
typedef struct { int32_t node, level; } Known;

static void append(Planner *of, List *list, List more)
{
    if (list->head < 0)
        *list = more;
    else {
        of->links[list->tail].next = more.head;
        list->tail = more.tail;
        if (list->level < more.level)
            list->level = more.level;
    }
}

static void add_term(Planner *of, List *list, Known a, Known b)
{
    int32_t at = link_of(of, a.node, b.node);
    append(of, list, (List){at, at, 1 + (a.level < b.level ? b.level : a.level)});
}

static Known constant(int32_t node)
{
    return (Known){node, 0};
}

/* The dot of a list, which is gone then; a number times 1 is that number. */
static Known dot_of(Planner *of, List list)
{
    Link *first = &of->links[list.head];
    Known found = {first->a, list.level - 1};
    if (list.head != list.tail || first->b != ONE) {
        found = (Known){made(of, DOTS, list.level), list.level};
        for (int32_t at = list.head; at >= 0; at = of->links[at].next) {
            of->terms[of->term_count++] = (Term){of->links[at].a, of->links[at].b};
            of->made[found.node].count++;
        }
    }
    of->links[list.tail].next = of->free_link;
    of->free_link = list.head;
    return found;
}

/* What waits at a place: then `head` is no -1. */
static List waiting(const Place *at)
{
    return (List){at->head, at->tail, ~at->node};
}

static void let_wait(Place *at, List list)
{
    *at = (Place){~list.level, at->uses, list.head, list.tail};
}

/* The node of a place: a leaf's, or what waits there, closed. */
static Known closed(Planner *of, Py_ssize_t place)
{
    Place *at = &of->place[place];
    if (at->node < 0) {
        Known found = at->head < 0 ? (Known){made(of, LEAF, 0), 0} : dot_of(of, waiting(at));
        *at = (Place){found.node, at->uses, -1, found.level};
    }
    return (Known){at->node, at->tail};
}

/* One more summand: a list that waits is taken over where the order of the sum allows it. */
static void add_place(Planner *of, List *sum, Py_ssize_t place)
{
    Place *at = &of->place[place];
    if (at->node < 0 && at->head >= 0) {
        List more = waiting(at);
        int of_one = sum->head == sum->tail; /* or of none */
        if (more.head == more.tail || sum->head < 0) {
            append(of, sum, more);
            at->head = -1;
            return;
        }
        if (of_one) { /* a + (b + c) is (b + c) + a */
            append(of, &more, *sum);
            *sum = more;
            at->head = -1;
            return;
        }
    }
    add_term(of, sum, closed(of, place), constant(ONE));
}

/* An operation whose partials are kept with its value: companions right after its node. */
static int32_t with_companions(Planner *of, const Node *at, int32_t kind)
{
    for (Py_ssize_t k = 0; k < at->count; k++) /* leaves and what waits, first: the terms lie in one piece */
        closed(of, at->operands[k]);
    int32_t node = made(of, kind, 1);
    if (kind == FORMULA) {
        of->formulas.at[of->formulas.count++] = node;
        of->formulas.at[of->formulas.count++] = at->which;
    }
    for (Py_ssize_t k = 0; k < at->count; k++)
        term(of, node, closed(of, at->operands[k]).node, ONE);
    for (Py_ssize_t k = 0; k < at->count; k++)
        made(of, COMPANION, of->made[node].level);
    return node;
}

/* The kind of an operation whose partials are found on the way back; -1 for any other. */
static int32_t simple_kind(const Node *at)
{
    switch (at->op) {
    case DIV: return DIVIDE;
    case SQRT: return ROOT;
    case EXP: return EXPONENTIAL;
    case ABS: return ABSOLUTE;
    case RELU: return RELUS;
    case MAXIMUM: return THE_LARGER;
    case MINIMUM: return THE_SMALLER;
    case WHERE_POSITIVE: return SELECT;
    default: return -1;
    }
}

static int32_t operation(Planner *of, const Node *at)
{
    if (simple_kind(at) >= 0) {
        int32_t x[3] = {-1, -1, -1};
        for (Py_ssize_t k = 0; k < at->count && k < 3; k++)
            x[k] = closed(of, at->operands[k]).node;
        return of_three(of, simple_kind(at), x[0], x[1], x[2]);
    }
    if (at->op == SIGMOID)
        return with_companions(of, at, SIGMOIDS);
    if (at->op == LOGSUMEXP)
        return with_companions(of, at, SHARES);
    return with_companions(of, at, has_no_arithmetic(at->op, at->count) ? FORMULA : SCALARS + at->op);
}

static void forward_dots(Planner *of, const Node *at, Py_ssize_t value)
{
    Place *place = &of->place[value];
    List list = {-1, -1, 0};
    switch (at->op) {
    case ADD:
        add_place(of, &list, at->operands[0]);
        add_place(of, &list, at->operands[1]);
        break;
    case SUB:
        add_place(of, &list, at->operands[0]);
        add_term(of, &list, closed(of, at->operands[1]), constant(MINUS_ONE));
        break;
    case NEG:
        add_term(of, &list, closed(of, at->operands[0]), constant(MINUS_ONE));
        break;
    case MUL: {
        Known a = closed(of, at->operands[0]);
        add_term(of, &list, a, closed(of, at->operands[1]));
        break;
    }
    case DOT:
        if (at->flags & BIAS_FIRST && at->count % 2)
            add_place(of, &list, at->operands[at->count - 1]);
        for (Py_ssize_t k = 0; k < at->count / 2; k++) {
            Known w = closed(of, at->operands[k]);
            add_term(of, &list, w, closed(of, at->operands[at->count / 2 + k]));
        }
        if (!(at->flags & BIAS_FIRST))
            add_place(of, &list, at->operands[at->count - 1]);
        break;
    case TOTAL:
        for (Py_ssize_t k = 0; k < at->count; k++)
            add_place(of, &list, at->operands[k]);
        if (at->count == 0)
            add_term(of, &list, constant(ZERO), constant(ONE));
        break;
    default:
        place->node = operation(of, at);
        place->tail = of->made[place->node].level;
        return;
    }
    let_wait(place, list);
    if (place->uses != 1 || of->role[value] & KEPT)
        closed(of, value);
}

static void contribute(Planner *of, Py_ssize_t place, Known adjoint, int32_t partial)
{
    Place *at = &of->place[place];
    int32_t above = adjoint.level;
    if (partial >= of->backward && above < level_of(of, partial))
        above = level_of(of, partial);
    if (at->uses <= above)
        at->uses = above + 1;
    of->terms[at->head + at->tail++] = (Term){adjoint.node, partial};
}

/* The adjoint of a place, of all that was contributed to it; -1 if the result doesn't depend on it. */
static Known adjoint_of(Planner *of, Py_ssize_t place)
{
    const Place *at = &of->place[place];
    const Term *first = of->terms + at->head;
    if (at->tail == 0)
        return (Known){-1, 0};
    /* 0.0 + x is x, but for -0.0: no adjoint that begins at 0.0 is that, but what ABS passes on */
    if (at->tail == 1 && first->b == ONE && (signbit(of->plan->start) || of->made[first->a].kind != SIGNED))
        return (Known){first->a, at->uses - 1};
    of->made[of->nodes] = (Made){at->head, at->tail, at->uses, DOTS};
    return (Known){(int32_t)of->nodes++, at->uses};
}

/* Whether an operand's adjoint is wanted: -1 if not; of a uniform number's use, the number of its sum. */
static int32_t adjoint_wanted(const Planner *of, const Node *at, Py_ssize_t k)
{
    const int32_t place = at->operands[k];
    if (place >= of->rows)
        return of->graph->sums[at->operands + k - of->graph->operands];
    return of->role[place] & (ASKED | WANTED) ? 0 : -1;
}

static int touch(Ints *touched, Py_ssize_t place)
{
    if (!grown(&touched->at, sizeof(int32_t), touched->count, 1, &touched->room))
        return 0;
    touched->at[touched->count++] = (int32_t)place;
    return 1;
}

/* What the adjoint g of an operation, whose value is y, passes on, operand by operand as in lanes.h; 0 without memory. */
static int backward_dots(Planner *of, const Node *at, int32_t y, Known g, Ints *touched, Ints *sums)
{
    const Py_ssize_t terms = at->count / 2;
    for (Py_ssize_t n = 0; n < at->count; n++) {
        Py_ssize_t k = n;
        if (at->op == DOT && at->flags & BIAS_FIRST && n < 2 * terms)
            k = terms - 1 - n / 2 + (n % 2 ? 0 : terms);
        Py_ssize_t place = at->operands[k];
        if (adjoint_wanted(of, at, k) < 0)
            continue;
        int32_t partial = ONE, by = g.node;
#define X(i) of->place[at->operands[i]].node /* closed, where it is used here */
        switch (at->op) {
        case ADD: case TOTAL: break;
        case SUB: partial = k ? MINUS_ONE : ONE; break;
        case NEG: partial = MINUS_ONE; break;
        case MUL: partial = X(1 - k); break;
        case DIV:
            partial = k ? of_three(of, QUOTIENT, y, X(1), -1) : of_three(of, RECIPROCAL, X(1), -1, -1);
            break;
        case ABS: by = of_three(of, SIGNED, X(0), g.node, -1); break;
        case EXP: partial = y; break;
        case SQRT: partial = of_three(of, HALF, y, -1, -1); break;
        case RELU: by = of_three(of, WHERE_ABOVE, X(0), g.node, -1); break;
        case MAXIMUM: by = of_three(of, LARGER_ONE, X(k), X(1 - k), g.node); break;
        case MINIMUM: by = of_three(of, LARGER_ONE, X(1 - k), X(k), g.node); break;
        case WHERE_POSITIVE:
            by = k == 0 ? ZERO : of_three(of, k == 1 ? WHERE_ABOVE : ELSEWHERE, X(0), g.node, -1);
            break;
        case DOT:
            if (k < 2 * terms)
                partial = X(k < terms ? k + terms : k - terms);
            break;
        default: partial = y + 1 + (int32_t)k;
        }
#undef X
        if (place >= of->rows) { /* a uniform number's use has a sum of its own */
            if (!grown(&sums->at, sizeof(int32_t), sums->count, 3, &sums->room))
                return 0;
            sums->at[sums->count++] = adjoint_wanted(of, at, k);
            sums->at[sums->count++] = by;
            sums->at[sums->count++] = partial;
            continue;
        }
        if (of->place[place].tail == 0 && of->role[place] & ASKED && !touch(touched, place))
            return 0;
        contribute(of, place, (Known){by, by == g.node ? g.level : level_of(of, by)}, partial);
    }
    return 1;
}

/* Room on the way back for the terms of each adjoint that is wanted: one for each use, and one to come in. */
static int room_for_adjoints(Planner *of)
{
    Py_ssize_t first = of->term_count;
    for (Py_ssize_t i = 0; i < of->places; i++) {
        Place *at = &of->place[i];
        Py_ssize_t uses = at->uses < 0 ? ~at->uses : at->uses;
        at->uses = at->uses != 0;
        at->head = (int32_t)first;
        at->tail = 0;
        if (i < of->rows && of->role[i] & (ASKED | WANTED))
            first += uses + (of->role[i] & SEEDED ? 1 : 0);
    }
    Py_ssize_t more = first - of->term_count;
    if (!grown(&of->terms, sizeof(Term), of->term_count, more, &of->room_for_terms))
        return 0;
    of->term_count = first;
    of->link_count = 0;
    PyMem_RawFree(of->links);
    of->links = NULL;
    of->room_for_links = 0;
    return 1;
}


/* Ask for the places of instruction i, or, once they are there, what they lead to: nodes (1), terms (2). */
static void look_ahead(const Planner *of, Py_ssize_t i, int leads_to)
{
    if (i < 0 || i >= of->graph->count)
        return;
    const Node at = node_at(of->graph, i);
    for (Py_ssize_t k = 0; k < at.count && k < 2; k++) {
        const Place *place = &of->place[at.operands[k]];
        if (leads_to == 0)
            AHEAD(place);
        else if (leads_to == 1 && place->head >= 0)
            AHEAD(&of->links[place->tail]);
        else if (leads_to == 2)
            AHEAD(&of->terms[place->head + place->tail]);
    }
    if (leads_to == 2)
        AHEAD(&of->terms[of->place[of->graph->leaves + i].head]);
}

/* How often each place is used, and which adjoints lead to one that is asked for. */
static void count_uses(Planner *of)
{
    const Graph *graph = of->graph;
    const Py_ssize_t end = graph->starts[graph->count] - 2 * FAR_AHEAD;
    for (Py_ssize_t place = 0; place < of->places; place++)
        of->place[place] = (Place){-1, 0, -1, -1};
    for (Py_ssize_t i = 0; i < graph->count; i++) {
        const Node at = node_at(graph, i);
        for (Py_ssize_t k = graph->starts[i]; k < graph->starts[i + 1] && k < end; k++)
            AHEAD(&of->place[graph->operands[k + 2 * FAR_AHEAD]]);
        int wanted = 0;
        for (Py_ssize_t k = 0; k < at.count; k++) {
            of->place[at.operands[k]].uses++;
            wanted |= adjoint_wanted(of, &at, k) >= 0;
        }
        if (wanted)
            of->role[graph->leaves + i] |= WANTED;
    }
}

static int find_forward(Planner *of)
{
    const Graph *graph = of->graph;
    Plan *plan = of->plan;
    int fine = room_for(of, 0);
    for (int32_t constant = 0; fine && constant < CONSTANTS; constant++)
        made(of, LEAF, 0);
    count_uses(of);
    of->backward = 0; /* as yet, all have levels */
    for (Py_ssize_t i = 0; i < graph->count && fine; i++) {
        look_ahead(of, i + FAR_AHEAD, 0);
        look_ahead(of, i + FAR_AHEAD / 2, 1);
        const Node at = node_at(graph, i);
        fine = room_for(of, at.count);
        if (fine)
            forward_dots(of, &at, graph->leaves + i);
    }
    for (Py_ssize_t place = 0; place < of->places && fine; place++) {
        Place *at = &of->place[place];
        const int computed = graph->leaves <= place && place < of->rows;
        const int kept = place < of->rows && of->role[place] & KEPT;
        if (kept && (fine = room_for(of, 0)))
            fine = moved(&plan->values, closed(of, place).node, (int32_t)place);
        if (computed)
            at->uses = ~at->uses; /* no leaf, though it may be another name of one */
        else if (at->node >= 0)
            fine = fine && moved(&plan->loads, at->node, (int32_t)place);
    }
    of->backward = of->nodes;
    return fine;
}

/* All numbers to compute, forward and backward; 0 without memory. The slots of moves are nodes as yet. */
static int find_dots(Planner *of)
{
    Plan *plan = of->plan;
    Ints touched = {NULL, 0, 0}, sums = {NULL, 0, 0};
    Py_ssize_t place, i;
    int fine = find_forward(of) && room_for_adjoints(of);
    for (place = 0; place < of->rows && fine; place++)
        if (of->role[place] & SEEDED && of->role[place] & (ASKED | WANTED)
            && (of->place[place].uses != 0 || of->role[place] & KEPT)) {
            fine = room_for(of, 1);
            if (!fine)
                break;
            int32_t seed = made(of, LEAF, 0);
            fine = moved(&plan->seeds, seed, (int32_t)place);
            contribute(of, place, constant(seed), ONE);
            if (of->role[place] & ASKED) /* a leaf that is seeded, too */
                fine = fine && touch(&touched, place);
        }
    for (i = of->graph->count - 1; i >= 0 && fine; i--) {
        look_ahead(of, i - FAR_AHEAD, 0);
        look_ahead(of, i - FAR_AHEAD / 2, 2);
        place = of->graph->leaves + i;
        if (!(of->role[place] & WANTED))
            continue;
        const Node at = node_at(of->graph, i);
        fine = room_for(of, at.count);
        Known g = fine ? adjoint_of(of, place) : constant(-1);
        if (g.node >= 0)
            fine = backward_dots(of, &at, of->place[place].node, g, &touched, &sums);
    }
    for (i = 0; i < touched.count && fine; i++) {
        fine = room_for(of, 0);
        if (fine)
            fine = moved(&plan->adjoints, adjoint_of(of, touched.at[i]).node, touched.at[i]);
    }
    for (i = 0; i < sums.count && fine; i += 3) {
        int32_t node = sums.at[i + 1];
        fine = room_for(of, 1);
        if (fine && sums.at[i + 2] != ONE) {
            node = made(of, DOTS, 1);
            term(of, node, sums.at[i + 1], sums.at[i + 2]);
        }
        fine = fine && moved(&plan->sums, node, sums.at[i]);
    }
    PyMem_RawFree(touched.at);
    PyMem_RawFree(sums.at);
    return fine;
}
