"""What a report says that wrong entries have in common."""

import numpy as np
import pytest

from microbp import check_gradient

rng = np.random.default_rng(7)
X, T = rng.normal(size=(8, 3)), rng.normal(size=(8, 3))
AT = {
    "W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4),
    "W2": rng.normal(size=(4, 3)), "b2": rng.normal(size=3), "S": rng.normal(size=(3, 3)),
}  # fmt: skip
DECAY = 0.05


def loss(p):
    h = np.tanh(X @ p["W1"] + p["b1"])
    o = (h @ p["W2"] + p["b2"]) @ p["S"]
    return ((o - T) ** 2).sum() + DECAY / 2.0 * (p["W1"] ** 2).sum()


def grad(p):
    h = np.tanh(X @ p["W1"] + p["b1"])
    z = h @ p["W2"] + p["b2"]
    do = 2.0 * (z @ p["S"] - T)
    dz = do @ p["S"].T
    dh = dz @ p["W2"].T * (1.0 - h * h)
    return {
        "W1": X.T @ dh + DECAY * p["W1"], "b1": dh.sum(0),
        "W2": h.T @ dz, "b2": dz.sum(0), "S": z.T @ do,
    }  # fmt: skip


def said_of(**changes):
    def wrong(p):
        g = grad(p)
        return {**g, **{name: change(g[name]) for name, change in changes.items()}}

    report = check_gradient(loss, wrong, AT)
    assert report.verdict == "fail"
    return report.wrong


def test_a_right_gradient_has_nothing_to_say():
    report = check_gradient(loss, grad, AT)
    assert (report.verdict, report.wrong) == ("pass", [])


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2.0, "each entry is 2 times what it should be: doubled"),
        (0.5, "each entry is 1/2 of what it should be: is the factor 2 of a square missing?"),
        (-1.0, "each entry is minus what it should be: a sign is wrong"),
        (1.0 / 8.0, "each entry is 1/8 of what it should be: averaged over 8, not summed?"),
        (24.0, "each entry is 24 times what it should be: summed over 24, not averaged?"),
        (1.3, "each entry is 1.3 times what it should be"),
    ],
)
def test_a_factor(factor, words):
    everything = check_gradient(loss, lambda p: {k: factor * g for k, g in grad(p).items()}, AT)
    assert everything.wrong == [f"everything: {words}"]
    one = said_of(b1=lambda g: factor * g)
    assert one == ["wrong in b1, right in W1, W2, b2 and S", f"b1: {words}"]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("b1", lambda g: 0.0 * g, "all 0: is it forgotten, or cut off?"),
        ("S", lambda g: g.T, "transposed"),
        ("b1", lambda g: np.roll(g, 1), "shifted by one: each entry is that of its neighbor"),
        ("W1", lambda g: np.roll(g, 1, 0), "shifted by one along axis 0: each entry is that of "
         "its neighbor"),
        ("b1", lambda g: g[::-1], "in reverse order"),
        ("b1", lambda g: g[[2, 0, 1, 3]], "the right numbers in another order"),
        ("b1", abs, "right but for the sign of some entries"),
        ("W2", lambda g: g + 0.25, "each entry is off by the same amount, 0.25"),
        ("W1", lambda g: g - DECAY * AT["W1"], "off by -0.05 times the parameter itself: is the "
         "gradient of a penalty (weight decay, λ = 0.05) missing?"),
        ("W2", lambda g: np.where(np.arange(3) == 1, 0.0, g),
         "right, but 0 in places where it should not be"),
        ("W2", lambda g: np.where(np.arange(4)[:, None] == 2, g + rng.normal(size=3), g),
         "wrong in row 2 alone"),
        ("W2", lambda g: g * [4.2, 5.0, 9.0], "each column is a multiple of what it should be, by "
         "4.2 to 9: is y (1 - y) of each unit missing?"),
        ("W2", lambda g: g * [[1.2], [5.0], [9.0], [3.0]], "each row is a multiple of what it "
         "should be, by 1.2 to 9: is 1 - y² of each unit missing?"),
    ],
)  # fmt: skip
def test_a_pattern_in_one_array(name, change, words):
    assert f"{name}: {words}" in said_of(**{name: change})


def test_what_a_bias_says_of_its_layer():
    stale = said_of(W2=lambda g: g + np.sin(7.0 * AT["W2"]))
    assert stale[1] == (
        "W2: b2 is right, and so is what comes back to this layer: are its inputs stale, or "
        "another layer's?"
    )

    def no_slope(p):
        h = np.tanh(X @ p["W1"] + p["b1"])
        do = 2.0 * ((h @ p["W2"] + p["b2"]) @ p["S"] - T)
        dh = do @ p["S"].T @ p["W2"].T
        return {**grad(p), "W1": X.T @ dh + DECAY * p["W1"], "b1": dh.sum(0)}

    report = check_gradient(loss, no_slope, AT)
    assert report.wrong == [
        "wrong in W1 and b1, right in W2, b2 and S",
        "W1: b1 is wrong as well, and so is what comes back to this layer: is a slope missing, "
        "such as y (1 - y), or the weights between not transposed?",
    ]


def test_gradients_of_two_arrays_exchanged():
    report = check_gradient(
        lambda a, b: float(a @ a + 3.0 * b @ b),
        lambda a, b: (6.0 * b, 2.0 * a),
        (np.array([1.0, 2.0]), np.array([5.0, 3.0])),
    )
    assert report.wrong == ["a: it is what b should be", "b: it is what a should be"]


def test_a_report_is_never_more_than_a_screen():
    at = {f"p{i}": np.ones(12) for i in range(12)}
    report = check_gradient(
        lambda p: sum(float((x * np.arange(12.0)).sum()) for x in p.values()),
        lambda p: {name: rng.normal(size=12) for name in p},
        at,
    )
    assert len(str(report).splitlines()) < 50


def test_the_worst_is_first():
    report = check_gradient(lambda w: sum(w), lambda w: [1.0, 1.1, 3.0, 1.0], [1.0, 2.0, 3.0, 4.0])
    rows = str(report).splitlines()[3:7]
    assert [row.split()[0] for row in rows] == ["w[2]", "w[1]", "w[0]", "w[3]"]
