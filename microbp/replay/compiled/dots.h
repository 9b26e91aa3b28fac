/* The dots of a graph on the way forward: sums of products, found again node by node.

   A product that is used once waits for its sum, and a sum that is used once for a longer one. No step
   goes down into operands: what a product needs is closed when it is met, so that a chain of a million
   products takes no recursion. */

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

/* Whether an operand's adjoint is wanted: -1 if not; of a uniform number's use, the number of its sum. */
static int32_t adjoint_wanted(const Planner *of, const Node *at, Py_ssize_t k)
{
    const int32_t place = at->operands[k];
    if (place >= of->rows)
        return of->graph->sums[at->operands + k - of->graph->operands];
    return of->role[place] & (ASKED | WANTED) ? 0 : -1;
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
