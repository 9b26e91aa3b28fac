/* The dots of a graph on the way back: adjoints are pulled.

   Each is the dot of the adjoints of its uses with their partials, in the order in which the backward
   pass of lanes.h adds them up. */

#pragma once

#include "dots.h"

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
