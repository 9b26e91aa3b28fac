/* Making a plan of a tape, and giving back what that took. */

#pragma once

#include "plan.h"
#include "adjoints.h"
#include "late.h"
#include "groups.h"
#include "runs.h"

enum { MOST_PLANNED = 1 << 27 }; /* nodes and operands: so that all that is counted fits into 32 bits */

static int in_slots(const Planner *of, Moves *moves)
{
    for (Py_ssize_t i = 0; i < moves->count; i++)
        moves->at[i].slot = of->slot[moves->at[i].slot];
    fit(&moves->at, sizeof(Move), moves->count);
    moves->room = moves->count;
    return 1;
}

/* A plan of a graph whose nodes have these roles to the outside, over so many places: its nodes, and then
   uniform numbers. `start`: see Plan. `given` is freed once it is of no more use: what is passed here may
   lie in it. NULL without memory, or where there is too much to number. */
static Plan *make_plan(const Graph *graph, Py_ssize_t places, uint8_t *role, double start, void *given)
{
    Planner of = {0};
    Plan *plan = PyMem_RawCalloc(1, sizeof(Plan));
    of.plan = plan;
    of.graph = graph;
    of.rows = graph->leaves + graph->count;
    of.places = places;
    of.role = role;
    of.free_link = -1;
    int fine = plan != NULL && places + graph->starts[graph->count] < MOST_PLANNED;
    if (fine) {
        plan->start = start;
        of.place = PyMem_RawMalloc((size_t)(places + 1) * sizeof(Place));
        fine = of.place != NULL && find_dots(&of);
    }
    PyMem_RawFree(of.place);
    PyMem_RawFree(of.links);
    PyMem_RawFree(given);
    fit(&of.made, sizeof(Made), of.nodes);
    fit(&of.terms, sizeof(Term), of.term_count);
    fine = fine && place_all(&of) && write_stream(&of);
    if (fine) {
        in_slots(&of, &plan->loads);
        in_slots(&of, &plan->seeds);
        in_slots(&of, &plan->values);
        in_slots(&of, &plan->adjoints);
        in_slots(&of, &plan->sums);
        fit(&plan->stream.at, sizeof(int32_t), plan->stream.count);
        plan->stream.room = plan->stream.count;
    }
    PyMem_RawFree(of.made);
    PyMem_RawFree(of.terms);
    PyMem_RawFree(of.formulas.at);
    PyMem_RawFree(of.slot);
    PyMem_RawFree(of.order);
    if (!fine) {
        forget_plan(plan);
        return NULL;
    }
    return plan;
}

/* Let the way back end by looking whether all adjoints that are asked for are finite. 0 without memory. */
static int watch(Plan *plan)
{
    Ints *to = &plan->stream;
    Moves *of = &plan->adjoints;
    if (!in_slot_order(of->at, of->count) || !grown(&to->at, sizeof(int32_t), to->count, 2, &to->room))
        return 0;
    int32_t ranges = 0;
    const Py_ssize_t head = to->count;
    to->count += 2;
    for (Py_ssize_t i = 0; i < of->count; i++) {
        const int32_t slot = of->at[i].slot, end = ranges ? to->at[to->count - 2] + to->at[to->count - 1] : -1;
        if (slot < end)
            continue; /* of two leaves */
        if (slot == end) {
            to->at[to->count - 1]++;
            continue;
        }
        if (!grown(&to->at, sizeof(int32_t), to->count, 2, &to->room))
            return 0;
        to->at[to->count++] = slot;
        to->at[to->count++] = 1;
        ranges++;
    }
    to->at[head] = WATCH;
    to->at[head + 1] = ranges;
    fit(&to->at, sizeof(int32_t), to->count);
    to->room = to->count;
    return 1;
}
