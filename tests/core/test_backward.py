"""The reverse sweep: its rules, its order, and graphs of any shape and depth."""

import copy
import gc
import math
import pickle
import sys
import threading
import tracemalloc
from contextlib import nullcontext

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from microbp import AnomalyError, detect_anomaly, dot, sqrt, total
from microbp.core import engine
from microbp.core.engine import Value

INF, NAN = math.inf, math.nan
by_hand = pytest.mark.engine("python")  # a compiled node has no fields that Python could set


def grads(*nodes):
    return [node.grad for node in nodes]


# --- The rules


def test_sweeps_add_up_in_leaves_and_start_afresh_in_between():
    """Each sweep adds 27; a node that kept its old gradient would make the second one add 54."""
    x = Value(3.0)
    y = x * x
    z = y * x
    z.backward()
    assert grads(x, y, z) == [27.0, 3.0, 1.0]
    z.backward()
    assert grads(x, y, z) == [54.0, 3.0, 1.0]


def test_two_roots_that_share_a_node_add_up():
    x = Value(2.0)
    h = x * x
    five, six = h * 5, h * 6
    five.backward()
    assert grads(x, h) == [20.0, 5.0]
    six.backward()
    assert grads(x, h, five, six) == [44.0, 6.0, 1.0, 1.0]


def test_a_repeated_operand_gets_every_share():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    x.grad = 0.0
    h = x + 1
    (h * h).backward()
    assert grads(x, h) == [8.0, 8.0]
    x.grad = 0.0
    total([h, h, x, h]).backward()
    assert grads(x, h) == [4.0, 3.0]
    x.grad = 0.0
    dot([x, h], [x, x], h).backward()  # x^2 + (x + 1) x + (x + 1)
    assert x.grad == 4 * 3.0 + 2


USERS = {
    "first": lambda h: h * 3.0,
    "second": lambda h: 3.0 * h,
    "only": lambda h: 2.0 * h - (-h),
    "wide": lambda h: dot([h, 3.0], [1.0, h], 0.0) - h,
}


@pytest.mark.parametrize("one", USERS)
@pytest.mark.parametrize("other", USERS)
def test_a_node_with_two_users_is_passed_once(one, other):
    x = Value(5.0)
    h = x * 2.0
    y = USERS[one](h) - USERS[other](h) * 4.0
    y.backward()
    assert grads(h, x) == [3.0 - 12.0, 2 * (3.0 - 12.0)]


def test_a_diamond_is_passed_once_all_its_paths_are_summed():
    """Oldest, nearest or deepest first, `top` would pass on what it has too early."""
    x = Value(2.0)
    top = x * x
    side = top
    for _ in range(5):
        side = side * 1.5
    for y in (top * side, side * top):
        x.grad = 0.0
        y.backward()
        assert y.data == 4.0 * 4.0 * 1.5**5
        assert top.grad == 2 * 4.0 * 1.5**5
        assert x.grad == 4 * 2.0**3 * 1.5**5


def test_many_diamonds_take_no_more_steps_than_nodes():
    """2 ** 200 paths."""
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = (y + y) * 0.5
    y.backward()
    assert x.grad == 1.0


def test_gradients_of_other_nodes_are_those_of_the_latest_sweep():
    x = Value(2.0)
    h, apart = x * x, x * 7
    y = h * 3
    h.grad = y.grad = apart.grad = 100.0
    y.backward()
    assert grads(x, h, y) == [12.0, 3.0, 1.0]
    assert apart.grad == 100.0  # y does not reach it
    h.backward()
    assert grads(x, h, y) == [16.0, 1.0, 1.0]


def test_a_root_inside_a_graph_sweeps_its_own_part():
    x, w = Value(2.0), Value(5.0)
    h = x * w
    y = h * h
    h.backward()
    assert grads(x, w, h, y) == [5.0, 2.0, 1.0, 0.0]


def test_a_leaf_is_a_root_too():
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


@pytest.mark.parametrize("seed", [2, -3.0, 0.25, True, Value(2.0)])
def test_the_seed_scales_the_sweep(seed):
    x = Value(3.0)
    y = x * x
    y.backward(seed)
    assert grads(x, y) == [6.0 * float(seed), float(seed)]


def test_a_zero_seed_passes_on_zeros():
    x = Value(0.0)
    x.grad = 5.0
    h = sqrt(x)
    y = h * 2
    h.grad = 7.0
    for seed in (0, -0.0):
        y.backward(seed)
        assert grads(x, h, y) == [5.0, 0.0, 0.0]


def test_infinite_and_nan_seeds_go_where_they_lead():
    x, w = Value(3.0), Value(-2.0)
    y = x * w
    y.backward(INF)
    assert grads(x, w, y) == [-INF, INF, INF]
    y.backward(NAN)
    assert all(map(math.isnan, grads(x, w, y)))


def test_zero_times_an_infinite_partial_is_zero():
    x = Value(0.0)
    y = sqrt(x)
    assert y.partials == (INF,)
    (y * 0).backward()
    assert grads(x, y) == [0.0, 0.0]
    total([y * 0, x]).backward()
    assert x.grad == 1.0
    y.backward()
    assert x.grad == INF
    wide = dot([Value(INF)], [x := Value(2.0)])
    (wide * 0).backward()
    assert x.grad == 0.0


def test_gradients_do_not_depend_on_labels():
    def gradient(label):
        x = Value(0.3, label)
        y = x * x.exp()
        y.label = label
        z = y + dot([x, y], [y, 2.0])
        z.label = label
        z.backward()
        return x.grad.hex(), y.grad.hex()

    assert gradient("") == gradient("the same") == gradient("x" * 1000)


def test_the_sweep_goes_by_partials_as_they_were():
    x, w = Value(3.0), Value(5.0)
    y = x * w
    x.data = w.data = 100.0
    y.backward()
    assert grads(x, w) == [5.0, 3.0]


def test_nodes_made_after_the_root_do_not_matter():
    x = Value(3.0)
    y = x * x
    later = y * 100 + x
    y.backward()
    assert grads(x, later) == [6.0, 0.0]


# --- The same bits everywhere


PROGRAM = """
from microbp import dot, logsumexp, total
from microbp.core.engine import Value
leaves = [Value(0.1 * (i + 1), label=f"x{i}") for i in range(20)]
nodes = list(leaves)
for i in range(300):
    a, b, c = nodes[-1 - i % 7], nodes[(i * i) % len(nodes)], nodes[(7 * i) % len(nodes)]
    nodes.append([a * b + c, (a - b * c).tanh(), dot([a, b, c], [c, a, b]).sigmoid(),
                  total([a, b, c, a]).tanh(), logsumexp([a, b, c]) * 0.1][i % 5])
root = total(nodes[-40:])
root.backward(0.1)
print(*(x.grad.hex() for x in leaves))
"""


def test_a_program_gives_the_same_bits_in_every_process(python):
    runs = [python(PROGRAM, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")]
    assert [ran.stderr for ran in runs] == ["", "", ""]
    assert len(set(runs[0].stdout.split())) == 20
    assert {ran.stdout for ran in runs} == {runs[0].stdout}


# --- Any depth, any width


def fresh_process(python, program):
    """A crash of the C stack would take the whole run of the tests with it."""
    ran = python("import sys\nassert sys.getrecursionlimit() == 1000\n" + program)
    assert (ran.stderr, ran.returncode) == ("", 0)


def test_a_chain_of_a_million_nodes(python):
    program = """
from microbp.core.engine import Value
x = Value(1.0)
y = x
for _ in range(1_000_000):
    y = -y
y.backward()
y.backward()
assert x.grad == 2.0
y.operands[0].backward()
assert x.grad == 1.0
del y
"""
    fresh_process(python, program)


def test_a_long_chain_is_copied_and_pickled_and_its_copies_deleted(python):
    program = """
import copy, pickle
from microbp.core.engine import Value
x = Value(1.0, "x")
y = x
for _ in range(200_000):
    y = y + x
for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y)), pickle.loads(pickle.dumps(y, 0))):
    below = twin
    while below.op is not None:
        below, leaf = below.operands
    twin.backward(0.5)
    assert (below, leaf.label, leaf.grad) == (leaf, "x", 100_000.5), leaf
    del below, leaf, twin
assert x.grad == 0.0
"""
    fresh_process(python, program)


def test_a_long_chain_of_wide_nodes(python):
    program = """
import copy, pickle
from microbp import dot, total
from microbp.core.engine import Value
x = Value(1.0)
y = x
for i in range(50_000):
    y = total([y, x, y.detach()]) * 0.5 if i % 2 else dot([y, 0.5], [1.0, x])
y.backward()
assert 1.0 < x.grad < 3.0
assert pickle.loads(pickle.dumps(y)).data == y.data
twin = copy.deepcopy(y)
del y
del twin
"""
    fresh_process(python, program)


def test_a_node_of_a_hundred_thousand_operands():
    x = [Value(float(i)) for i in range(100_000)]
    y = total([*x, *x])
    y.backward()
    assert {leaf.grad for leaf in x} == {2.0}
    z = dot(x, [leaf * 2 for leaf in x], y)
    z.backward()
    assert grads(x[0], x[7], x[-1]) == [4.0, 4.0 + 4 * 7, 4.0 + 4 * 99_999]
    assert len(pickle.loads(pickle.dumps(z)).operands) == len(z.operands) == 200_001


def test_a_leaf_used_a_hundred_thousand_times():
    x = Value(2.0)
    y = total([x * i for i in range(100_000)])
    y.backward()
    assert x.grad == 100_000 * 99_999 / 2


# --- Memory


def build():
    x = Value(0.5, "x")
    y = x
    for i in range(300):
        y = dot([y, x], [0.5, 0.1], y).tanh() - x / (i + 1)
    return x, y


def use_once():
    build()


def use_sweep():
    x, y = build()
    y.backward()
    assert x.grad != 0.0


def use_copies():
    _, y = build()
    copy.copy(y)
    copy.deepcopy(y).backward()
    pickle.loads(pickle.dumps(y)).backward()


def use_errors():
    x, y = build()
    for attempt in (lambda: (x - x).log(), lambda: y / 0, lambda: y + "1", lambda: Value(None)):
        with pytest.raises((ValueError, TypeError)):
            attempt()
    with pytest.raises(AttributeError):
        y.data = 1.0


def use_anomalies():
    x, y = build()
    with pytest.raises(AnomalyError), detect_anomaly():
        y * 1e308 * 1e308
    with pytest.raises(AnomalyError), detect_anomaly():
        (y * sqrt(x * 0)).backward()


def use_cycle():
    """A reference cycle of the user's own making: only its refusal must not hold on to more."""
    _, y = build()
    z = y * 1
    z._a = z
    with pytest.raises(ValueError, match="cycle"):
        z.backward()
    z._a = y


def count_values():
    if engine.name == "compiled":  # the collector doesn't know them, but each holds its class
        return sys.getrefcount(Value)
    return sum(isinstance(thing, Value) for thing in gc.get_objects())


def test_values_are_counted():
    before = count_values()
    nodes = [Value(1.0), Value(2.0) * 3.0]
    assert count_values() == before + 4
    del nodes
    assert count_values() == before


USES = [use_once, use_sweep, use_copies, use_errors, use_anomalies]


@pytest.mark.parametrize("use", USES)
def test_memory_returns_without_the_garbage_collector(use):
    assert_memory_returns(use)


@by_hand
def test_memory_of_a_refused_cycle_returns():
    assert_memory_returns(use_cycle)


def assert_memory_returns(use):
    """No reference cycle anywhere: a dropped graph is gone at once."""
    use()  # whatever is made once only, is made now
    gc.collect()
    values = count_values()
    gc.disable()
    tracemalloc.start()
    try:
        use()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(3):
            use()
        after, peak = tracemalloc.get_traced_memory()
        assert count_values() == values
    finally:
        tracemalloc.stop()
        gc.enable()
    assert peak - before > 100_000 or engine.name == "compiled"  # it uses freed nodes again
    assert after - before < 10_000


# --- Graphs made wrong by hand


def cycle_self():
    x = Value(3.0)
    y = x * x
    y._a = y
    return y, [x, y]


def cycle_self_as_second():
    y, nodes = cycle_self()
    y._a, y._b = nodes
    return y, nodes


def cycle_self_as_wide():
    x = Value(3.0)
    y = total([x, x, x])
    y._operands = (x, x, y)
    return y, [x, y]


def cycle_of_two():
    x = Value(3.0)
    a = x + 1
    b = a + 1
    a._a = b
    return b, [x, a, b]


def cycle_below_the_root():
    b, nodes = cycle_of_two()
    root = (b * 2).tanh()
    return root, [*nodes, root.operands[0], root]


def cycle_through_the_root():
    x = Value(3.0)
    a = x * x
    root = (-a).exp() + a
    a._b = root
    return root, [x, a, root]


def cycle_by_a_wide_node():
    x = Value(3.0)
    a = total([x, x, x])
    root = dot([a], [x], x) * 2
    a._operands = (x, root, x)
    return root, [x, a, root]


CYCLES = [
    cycle_self,
    cycle_self_as_second,
    cycle_self_as_wide,
    cycle_of_two,
    cycle_below_the_root,
    cycle_through_the_root,
    cycle_by_a_wide_node,
]


@by_hand
@pytest.mark.parametrize("make", CYCLES)
def test_a_cycle_is_refused_and_changes_no_gradient(make):
    root, nodes = make()
    for i, node in enumerate(nodes):
        node.grad = float(i + 1)
    before = grads(*nodes)
    for use in (root.backward, lambda: copy.deepcopy(root), lambda: pickle.dumps(root)):
        with pytest.raises(ValueError, match=r"is an operand of the older .*: only a graph made"):
            use()
        with detect_anomaly(), pytest.raises(ValueError, match="made by hand has a cycle"):
            use()
        assert grads(*nodes) == before


@by_hand
def test_the_error_names_both_ends_of_a_cycle():
    x = Value(3.0)
    a = x + 1
    a.label = "a"
    b = a * 2
    a._a = b
    with pytest.raises(ValueError) as error:  # noqa: PT011
        b.backward()
    assert str(error.value) == (
        "Value(8.0, grad=0.0, op=mul) is an operand of the older "
        "Value(4.0, grad=0.0, op=add, label='a'): only a graph made by hand has a cycle"
    )


# --- Interruptions and threads


def interrupted_at(step, sweep):
    """Run `sweep`, but raise KeyboardInterrupt at that line of Python; True if it came so far."""
    steps = iter(range(step, -1, -1))

    def trace(frame, event, argument):
        if frame.f_globals["__name__"].startswith("microbp.") and next(steps) == 0:
            raise KeyboardInterrupt
        return trace

    tracer = sys.gettrace()
    sys.settrace(trace)
    try:
        sweep()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(tracer)
    return False


@pytest.mark.parametrize("surroundings", [nullcontext, detect_anomaly])
def test_a_sweep_interrupted_anywhere_leaves_the_next_one_right(surroundings):
    x = Value(2.0)
    h = x * x
    g = dot([h, x], [x, h], h)
    y = g * h
    y.backward()
    expected = grads(x, h, g, y)
    step = 0
    while True:
        x.grad = 0.0
        with surroundings():
            if not interrupted_at(step, y.backward):
                break
        x.grad = 0.0
        y.backward()
        assert grads(x, h, g, y) == expected
        step += 1
    assert step > 30 or engine.name == "compiled"  # whose sweep, if not watched, is one step
    assert grads(x, h, g, y) == expected  # the last one went through


def test_threads_sweep_graphs_of_their_own():
    barrier = threading.Barrier(4)
    results = [None] * 4

    def work(i):
        x = Value(1.0 + i)
        y = x
        for _ in range(3000):
            y = dot([y, 0.5], [0.5, x]) - y * 0.25
        barrier.wait(10)
        for _ in range(5):
            y.backward()
        results[i] = x.grad

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    # y = 0.25 y + 0.5 x, again and again: 2/3 x in the end.
    assert results == [results[0]] * 4
    assert results[0] == pytest.approx(5 * 2 / 3, rel=1e-12)


# --- Any program at all, against a model


class Sweeps(RuleBasedStateMachine):
    """Build, sweep, set and zero in any order.

    The model differentiates forwards: it keeps, for every node, the derivative by each node
    that it was made from, computed as it is made; and beside it the same sum over all paths
    without signs, which says how far rounding may reach.
    """

    nodes = Bundle("nodes")
    numbers = st.floats(-2, 2).map(lambda x: round(x, 3))
    seeds = st.sampled_from([1.0, -1.0, 0.5, 3.0, 0.0])

    def __init__(self):
        super().__init__()
        self.derivatives = {}
        self.expected = {}  # the gradient of every node, and its tolerance

    def made(self, node, data, operands=(), partials=()):
        """Note a new node that should come out as `data` with these partials."""
        assert node.data == pytest.approx(data, rel=1e-12, abs=1e-12)
        assert node.operands == tuple(operands)
        assert node.partials == pytest.approx(tuple(partials), rel=1e-12, abs=1e-12)
        by = {node: (1.0, 1.0)}
        for operand, partial in zip(operands, partials, strict=True):
            for below, (slope, paths) in self.derivatives[operand].items():
                s, p = by.get(below, (0.0, 0.0))
                by[below] = (s + partial * slope, p + abs(partial) * paths)
        self.derivatives[node] = by
        self.expected[node] = (0.0, 0.0)
        return node

    def tamed(self, node):
        """Large numbers go through tanh, that none overflows."""
        if abs(node.data) <= 10:
            return node
        y = math.tanh(node.data)
        return self.made(node.tanh(), y, [node], [1 / math.cosh(node.data) ** 2])

    @initialize(target=nodes, x=numbers)
    def first(self, x):
        return self.made(Value(x, "first"), x)

    @rule(target=nodes, x=numbers)
    def leaf(self, x):
        return self.made(Value(x), x)

    @rule(target=nodes, a=nodes, b=nodes)
    def add(self, a, b):
        return self.tamed(self.made(a + b, a.data + b.data, [a, b], [1, 1]))

    @rule(target=nodes, a=nodes, b=nodes)
    def sub(self, a, b):
        return self.tamed(self.made(a - b, a.data - b.data, [a, b], [1, -1]))

    @rule(target=nodes, a=nodes, b=nodes)
    def mul(self, a, b):
        return self.tamed(self.made(a * b, a.data * b.data, [a, b], [b.data, a.data]))

    @rule(target=nodes, a=nodes, b=nodes)
    def div(self, a, b):
        c = self.made(b * b, b.data**2, [b, b], [b.data, b.data])
        one = self.made(Value(1.0), 1.0)
        c = self.made(c + one, c.data + 1, [c, one], [1, 1])
        return self.made(a / c, a.data / c.data, [a, c], [1 / c.data, -a.data / c.data**2])

    @rule(target=nodes, a=nodes)
    def neg(self, a):
        return self.made(-a, -a.data, [a], [-1])

    @rule(target=nodes, a=nodes)
    def tanh(self, a):
        return self.made(a.tanh(), math.tanh(a.data), [a], [1 / math.cosh(a.data) ** 2])

    @rule(target=nodes, ws=st.lists(nodes, max_size=3), data=st.data(), bias=nodes)
    def dot(self, ws, data, bias):
        ys = data.draw(st.lists(self.nodes, min_size=len(ws), max_size=len(ws)))
        w, y = [v.data for v in ws], [v.data for v in ys]
        whole = math.fsum([*map(float.__mul__, w, y), bias.data])
        return self.tamed(self.made(dot(ws, ys, bias), whole, [*ws, *ys, bias], [*y, *w, 1]))

    @rule(target=nodes, xs=st.lists(nodes, min_size=1, max_size=4))
    def total(self, xs):
        whole = math.fsum(x.data for x in xs)
        return self.tamed(self.made(total(xs), whole, xs, [1] * len(xs)))

    @rule(root=nodes, seed=seeds)
    def sweep(self, root, seed):
        root.backward(seed)
        for node, (slope, paths) in self.derivatives[root].items():
            before, scale = self.expected[node] if node.op is None else (0.0, 0.0)
            self.expected[node] = (before + seed * slope, scale + abs(seed) * paths)

    @rule(seed=seeds)
    def sweep_all(self, seed):
        """From the sum of all that is no operand yet: every sharing so far counts."""
        operands = {operand for node in self.derivatives for operand in node.operands}
        ends = [node for node in self.derivatives if node not in operands]
        whole = math.fsum(node.data for node in ends)
        self.sweep(self.made(total(ends), whole, ends, [1] * len(ends)), seed)

    @rule(leaf=nodes, x=numbers)
    def set_data(self, leaf, x):
        if leaf.op is None:
            leaf.data = x

    @rule()
    def zero_the_leaves(self):
        for node in self.expected:
            if node.op is None:
                node.grad = 0.0
                self.expected[node] = (0.0, 0.0)

    @rule(node=nodes, grad=numbers)
    def set_grad(self, node, grad):
        node.grad = grad
        self.expected[node] = (grad, abs(grad))

    @invariant()
    def every_gradient_is_as_expected(self):
        for node, (grad, scale) in self.expected.items():
            assert abs(node.grad - grad) <= 1e-12 * scale + 1e-300, (node, grad)


TestSweeps = Sweeps.TestCase
TestSweeps.settings = settings(max_examples=60, stateful_step_count=40)
