"""Many entries: directions, and one value of f for each."""

import numpy as np
import pytest

from microbp import check_gradient

rng = np.random.default_rng(3)
X, T = rng.normal(size=(16, 30)), rng.normal(size=(16, 5))
AT = (rng.normal(size=(30, 40)) / 5.0, np.zeros(40), rng.normal(size=(40, 5)) / 6.0)


def loss(W1, b1, W2):
    return ((np.tanh(X @ W1 + b1) @ W2 - T) ** 2).mean()


def grad(W1, b1, W2):
    h = np.tanh(X @ W1 + b1)
    d = 2.0 * (h @ W2 - T) / T.size
    dh = d @ W2.T * (1.0 - h * h)
    return X.T @ dh, dh.sum(0), h.T @ d


def planted(*places):
    def wrong(*parameters):
        g = grad(*parameters)
        for name, place in places:
            g[("W1", "b1", "W2").index(name)][place] *= 1.05
        return g

    return wrong


def failed(report):
    return [e.name for e in report.entries if e.verdict == "fail" and "[" in e.name]


def test_directions_pass_in_few_evaluations():
    calls = 0

    def counted(*parameters):
        nonlocal calls
        calls += 1
        return loss(*parameters)

    report = check_gradient(counted, grad, AT)  # auto
    assert report.verdict == "pass"
    assert [entry.name for entry in report.entries] == ["all 1440 together"] * 2
    assert "each direction moves all 1,440 entries" in report.notes[0]
    assert calls < 60


@pytest.mark.parametrize("method", ["directions", "entries"])
@pytest.mark.parametrize(
    "places",
    [[("W1", (7, 11))], [("W1", (29, 39)), ("b1", 5)], [("W2", (0, 0)), ("W2", (39, 4))]],
    ids=str,
)
def test_the_wrong_entries_are_found(places, method):
    report = check_gradient(loss, planted(*places), AT, method=method)
    expected = {f"{name}[{', '.join(map(str, np.atleast_1d(at)))}]" for name, at in places}
    assert set(failed(report)) == expected
    one = check_gradient(loss, planted(*places), AT, method=method, first=True)
    assert len(failed(one)) == 1


def test_every_entry_takes_about_one_evaluation():
    calls = 0

    def counted(*parameters):
        nonlocal calls
        calls += 1
        return loss(*parameters)

    report = check_gradient(counted, grad, AT, method="entries")
    assert (report.verdict, len(report.entries)) == ("pass", 1440)
    assert calls < 1440 * 1.2


@pytest.mark.parametrize("method", ["directions", "entries"])
def test_a_whole_array_that_is_wrong(method):
    def doubled(*parameters):
        W1, b1, W2 = grad(*parameters)
        return W1, b1 / 16.0, W2

    report = check_gradient(loss, doubled, AT, method=method)
    assert {name.partition("[")[0] for name in failed(report)} == {"b1"}
    words = "b1: each entry is 1/16 of what it should be: averaged over 16, not summed?"
    assert words in report.wrong


@pytest.mark.parametrize("method", ["directions", "entries"])
def test_single_precision(method):
    def single(*parameters):
        return float(loss(*(p.astype(np.float32) for p in parameters)))

    assert check_gradient(single, grad, AT, method=method).verdict in ("pass", "inconclusive")
    report = check_gradient(single, lambda *p: [2.0 * g for g in grad(*p)], AT, method=method)
    assert report.verdict == "fail"


def test_two_mistakes_do_not_cancel():
    def wrong(*parameters):
        W1, b1, W2 = grad(*parameters)
        b1[3] += 1e-3
        b1[4] -= 1e-3
        return W1, b1, W2

    for seed in range(5):
        report = check_gradient(loss, wrong, AT, method="directions", seed=seed)
        assert failed(report) == ["b1[3]", "b1[4]"]


def test_relu_at_a_generic_point():
    def relu_loss(W1, b1, W2):
        return ((np.maximum(X @ W1 + b1, 0.0) @ W2 - T) ** 2).mean()

    def relu_grad(W1, b1, W2):
        z = X @ W1 + b1
        d = 2.0 * (np.maximum(z, 0.0) @ W2 - T) / T.size
        dh = d @ W2.T * (z > 0.0)
        return X.T @ dh, dh.sum(0), np.maximum(z, 0.0).T @ d

    for method in ("directions", "entries"):
        assert check_gradient(relu_loss, relu_grad, AT, method=method).verdict == "pass"
