"""Several nodes in one pickle: what they share stays shared, and each is there once."""

import base64
import copy
import io
import itertools
import multiprocessing
import pickle
import signal
import sys
import zlib

import joblib
import pytest

from microbp import Value as AnyValue
from microbp import dot
from microbp.core import pickling
from microbp.core.engine import Value
from microbp.core.toposort import operands_first
from tests.helpers import robustness
from tests.helpers.nodes import state


def chain(length):
    x = Value(1.0, "x")
    nodes = [x * x]
    while len(nodes) < length:
        nodes.append(nodes[-1] + x if len(nodes) % 2 else nodes[-1] * 0.5)
    return nodes


def through_joblib(things):
    file = io.BytesIO()
    joblib.dump(things, file)
    file.seek(0)
    return joblib.load(file)


COPIERS = {
    "deepcopy": copy.deepcopy,
    "joblib": through_joblib,
    "Python": lambda things: pickle._loads(pickle._dumps(things)),
    **{
        f"protocol {i}": lambda things, i=i: pickle.loads(pickle.dumps(things, i))
        for i in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}
each_copier = pytest.mark.parametrize("copier", COPIERS.values(), ids=COPIERS)
ORDERS = [lambda x: x, lambda x: x[::-1], lambda x: x[::2] + x[1::2], lambda x: [x[7], x, x[3]]]


def assert_alike(things, copies):
    """The same graph, node for node."""
    ours, theirs = operands_first(*things), operands_first(*copies)
    place = {node: i for i, node in enumerate(ours)}
    twin = {node: i for i, node in enumerate(theirs)}
    assert [[place[x] for x in node.operands] for node in ours] == [
        [twin[x] for x in node.operands] for node in theirs
    ]
    assert [place[x] for x in things] == [twin[x] for x in copies]
    assert [state(node)[:4] for node in ours] == [state(node)[:4] for node in theirs]


@each_copier
@pytest.mark.parametrize("order", ORDERS)
def test_nodes_copied_together_share_what_they_share(copier, order):
    def flat(things):
        return [y for x in things for y in (x if isinstance(x, list) else [x])]

    things = order(chain(20))
    copies = copier(things)
    assert_alike(flat(things), flat(copies))
    assert not {*operands_first(*flat(things))} & {*operands_first(*flat(copies))}


@each_copier
def test_a_result_and_what_it_is_computed_from(copier):
    x = Value(0.5, "x")
    y = x.tanh()
    z = dot([y, x], [y, 2.0], y)
    for things in ((y, z), (z, y), (x, z)):
        assert_alike(things, copier(things))
    copies = copier({"z": z, "below": [z.operands, y]})
    assert copies["below"][0] == copies["z"].operands
    assert copies["below"][1] in copies["z"].operands


@pytest.mark.parametrize("order", ORDERS[:3])
def test_a_pickle_is_linear_in_the_nodes(order):
    sizes = [len(pickle.dumps(order(chain(length)))) for length in (500, 1_000, 2_000)]
    assert sizes[1] < 100_000
    assert sizes[2] < 2.2 * sizes[1] < 5 * sizes[0]


def test_a_pickler_that_is_used_again_knows_what_it_has_saved():
    nodes = chain(10)
    file = io.BytesIO()
    pickler, unpickler = pickle.Pickler(file), pickle.Unpickler(file)
    for node in (nodes[3], nodes[9], nodes[5]):
        pickler.dump(node)
        assert_alike([nodes[7]], [pickle.loads(pickle.dumps(nodes[7]))])
    file.seek(0)
    assert_alike([nodes[3], nodes[9], nodes[5]], [unpickler.load() for _ in range(3)])
    pickler.clear_memo()
    file = io.BytesIO()
    assert_alike(nodes, pickle.loads(pickle.dumps(nodes)))


def interrupted(kind, things, moment, others):
    """A pickle of things, and one of others made meanwhile, as a signal's handler may."""
    found, moments = [], iter(range(moment, -1, -1))

    class Pickler(kind):
        def persistent_id(self, thing):
            if next(moments, None) == 0:
                found.append(pickle.loads(pickle.dumps(others)))

    file = io.BytesIO()
    Pickler(file).dump(things)
    return pickle.loads(file.getvalue()), found


@pytest.mark.parametrize("kind", [pickle.Pickler, pickle._Pickler])
def test_a_pickle_within_a_pickle_is_complete_and_so_is_the_other(kind):
    nodes = chain(8)
    x = nodes[0].operands[0]
    nodes[4].seen, nodes[6].seen, x.color, nodes[2].above = 4, 6, "red", nodes[7]
    things = [nodes[3], nodes[7], x]
    for others in ([nodes[4]], [nodes[6], nodes[2]], [x, nodes[7]]):
        moment, found = 0, True
        while found:
            again, found = interrupted(kind, things, moment, others)
            moment += 5
            for ours, theirs in [(things, again), *((others, each) for each in found)]:
                assert_alike(ours, theirs)
                for node, twin in zip(operands_first(*ours), operands_first(*theirs), strict=True):
                    assert vars(node).keys() - {"_asked"} == vars(twin).keys() - {"_asked"}
                    assert getattr(node, "seen", 0) == getattr(twin, "seen", 0)
        assert moment > 50


@each_copier
def test_attributes_hold_the_nodes_of_the_same_copy(copier):
    nodes = chain(500)
    x = nodes[0].operands[0]
    x.users = nodes[:3]
    for node in nodes:
        node.root = nodes[-1]
    for below, above in itertools.pairwise(nodes):
        below.next = above
    if copier is copy.deepcopy:
        nodes = nodes[:50]
        nodes[-1].next = nodes[-1].root = x
        for node in nodes:
            node.root = x
    again = copier(nodes[-1])
    twins = operands_first(again)
    (leaf,) = [twin for twin in twins if twin.label == "x"]
    assert all(user in twins for user in leaf.users)
    computed = [twin for twin in twins if twin.op is not None]
    assert [twin.next for twin in computed[:-1]] == computed[1:]
    assert {twin.root for twin in computed} == {again if copier is not copy.deepcopy else leaf}


def test_a_failed_pickle_leaves_no_trace():
    nodes = chain(10)
    x = nodes[0].operands[0]
    x.color, nodes[5].fault = "red", lambda: 0
    for dumps in (pickle.dumps, pickle._dumps):
        with pytest.raises((pickle.PicklingError, AttributeError)) as kept:
            dumps(nodes[9])
        again = pickle.loads(pickle.dumps([nodes[3], x, nodes[4]]))
        assert_alike([nodes[3], x, nodes[4]], again)
        assert again[1].color == "red"
        del kept


def interrupted_at(step, act):
    """Run it, with a KeyboardInterrupt at that line of `pickling`; True if it came so far."""

    def ours(frame, event):
        return frame.f_code.co_filename == pickling.__file__

    return robustness.interrupted_at(step, act, ours)


def test_a_pickle_interrupted_anywhere_leaves_the_next_one_right():
    nodes = chain(4)
    nodes[0].operands[0].color = "red"
    step, came_so_far = 0, True
    while came_so_far:
        came_so_far = interrupted_at(step, lambda: pickle.dumps(nodes))
        again = pickle.loads(pickle.dumps(nodes[::-1]))
        assert_alike(nodes[::-1], again)
        assert again[-1].operands[0].color == "red"
        step += 1
    assert step > 50


def test_no_signal_is_lost_while_pickles_are_made():
    nodes, caught, ignored = chain(6), 0, []

    def stop(number, frame):
        raise KeyboardInterrupt

    before, hook = signal.signal(signal.SIGALRM, stop), sys.unraisablehook
    sys.unraisablehook = ignored.append
    try:
        for i in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, 1e-4 + i * 1e-6)
                for _ in range(1000):
                    pickle.dumps(nodes)
                signal.setitimer(signal.ITIMER_REAL, 0.0)
            except KeyboardInterrupt:  # noqa: PERF203
                caught += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        sys.unraisablehook = hook
        signal.signal(signal.SIGALRM, before)
    assert caught > 250
    assert ignored == []
    assert pickling._graphs.of == {}


def test_a_pickle_keeps_no_node_alive():
    nodes = chain(10)
    pickle.dumps(nodes)
    assert pickling._graphs.of == {}


EARLIER = (
    b"c-n=LKTE?v7{-&P0j+{Xt2l^Y2T4JSvr7ht4nc=*4&}(7qY0)-yt|+s6c^j&HeVh30SbN&KY&io-Q2`)"
    b"pm#}HX$5_UyqDwmKKI-`x8(<1QnKQ;Uf`10Nt$j<u=phXAnF3IpfpMX_dLWN+ymd3qj1y>A`E<qV9LaX"
    b"L^|N>M$4S!vMuwga#DI+akzQ~r;P@KHuwr(LliS)Ge!a@WtfUNfB71??#5wEfNN5V4%&yd(E)>3=T40i"
    b"Dvm@>A4PT#OIKPi4dG5ouk$jqBY*m%*`AlJG1qNE>^|@s$`*)VH;yPHsVkfd5o1OaUFfP8V67f+D@CbA"
    b"FP=<+>^8fGzsFS%tm>3}H3vJR@y*$bSs#v{(A&HDL;CxYd)_+GN3{<#=RapX<F3I{xatGV2kO#7>0b*O"
    b"XDAD`$Sc3+q@iMNVov*?1{n<V7&jMUL=Fz)OBv>oxP&GGEmMpmuv99;Y<>e#4!vF"
)


def test_a_pickle_of_an_earlier_version_opens():
    y = pickle.loads(zlib.decompress(base64.b85decode(EARLIER)))
    h, x = y.operands[0].operands[0], y.operands[1]
    assert (h.label, h.operands, h.seen, x.label, x.color) == ("h", (x, x), 1, "x", "red")
    assert (y.grad, x.grad, y.op.name) == (1.0, 1.9400148488063782, "add")


def shares(things):
    y, z = things
    return z.operands[0] is y, things


@pytest.mark.engine
def test_other_processes_get_what_is_shared():
    y = AnyValue(0.5).tanh()
    things = (y, y * 2.0)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found, back = pool.apply(shares, (things,))
    assert found
    assert back[1].operands[0] is back[0]
