"""Wrong calls of names that are not there, and the command: the exact words, on both engines."""

import contextlib
import io

import microbp
from microbp import datasets, losses, nn, optim, plots, training
from microbp.cli.main import main
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.wrong_calls import check, wrong_calls


def command(*words):
    """Run `microbp` with these words; an error with what it says where it fails."""
    with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.suppress(SystemExit):
        main(words)
    raise RuntimeError(said.getvalue().partition(": error: ")[2].strip())


WRONG = [
    # Names
    ("microbp.ReLU", lambda: microbp.ReLU, AttributeError,
     "module 'microbp' has no attribute 'ReLU': did you mean 'microbp.relu'?"),
    ("microbp.Net", lambda: microbp.Net, AttributeError,
     "module 'microbp' has no attribute 'Net': did you mean 'microbp.nn.Net'?"),
    ("microbp.where", lambda: microbp.where, AttributeError,
     "module 'microbp' has no attribute 'where': write where_positive(x, a, b)"),
    ("microbp.nothing", lambda: microbp.nothing, AttributeError,
     "module 'microbp' has no attribute 'nothing'"),
    ("optim.SGD", lambda: optim.SGD, AttributeError,
     "module 'microbp.optim' has no attribute 'SGD': did you mean 'microbp.optim.Descent'?"),
    ("optim.Adagrad", lambda: optim.Adagrad, AttributeError,
     "module 'microbp.optim' has no attribute 'Adagrad': did you mean 'microbp.optim.Adam'?"),
    ("nn.MLP", lambda: nn.MLP, AttributeError,
     "module 'microbp.nn' has no attribute 'MLP': did you mean 'microbp.nn.Net'?"),
    ("losses.mse", lambda: losses.mse, AttributeError,
     "module 'microbp.losses' has no attribute 'mse': did you mean "
     "'microbp.losses.squared_error'?"),
    ("plots.hintn", lambda: plots.hintn, AttributeError,
     "module 'microbp.plots' has no attribute 'hintn': did you mean 'microbp.plots.hinton'?"),
    ("microbp.MLP", lambda: microbp.MLP, AttributeError,
     "module 'microbp' has no attribute 'MLP': did you mean 'microbp.nn.Net'?"),
    ("microbp.Adam", lambda: microbp.Adam, AttributeError,
     "module 'microbp' has no attribute 'Adam': did you mean 'microbp.optim.Adam'?"),
    ("microbp.mse", lambda: microbp.mse, AttributeError,
     "module 'microbp' has no attribute 'mse': did you mean 'microbp.losses.squared_error'?"),
    ("microbp.sigmod", lambda: microbp.sigmod, AttributeError,
     "module 'microbp' has no attribute 'sigmod': did you mean 'microbp.sigmoid'?"),
    ("datasets.make_moons", lambda: datasets.make_moons, AttributeError,
     "module 'microbp.datasets' has no attribute 'make_moons': did you mean "
     "'microbp.datasets.moons'?"),
    ("training.fit", lambda: training.fit, AttributeError,
     "module 'microbp.training' has no attribute 'fit': did you mean 'microbp.train'?"),
    ("nn.Linear", lambda: nn.Linear, AttributeError,
     "module 'microbp.nn' has no attribute 'Linear': did you mean 'microbp.nn.Layer'?"),
    ("optim.RMSprop", lambda: optim.RMSprop, AttributeError,
     "module 'microbp.optim' has no attribute 'RMSprop': did you mean 'microbp.optim.Adam'?"),
    ("from microbp import zero_grad", lambda: microbp.zero_grad, AttributeError,
     "module 'microbp' has no attribute 'zero_grad': write net.zero_grad() or "
     "optimizer.zero_grad()"),
    # Command
    ("microbp symetry", lambda: command("symetry"), RuntimeError,
     "there is no command 'symetry': did you mean 'symmetry'?"),
    ("microbp test", lambda: command("test"), RuntimeError,
     "there is no command 'test'; there are symmetry, family-trees, iterative, sequences, xor, "
     "parity, encoder, addition, negation, t-c, methods, study, check, draw, watch, course, "
     "explore"),
    ("microbp study x-or", lambda: command("study", "x-or"), RuntimeError,
     "there is no experiment 'x-or': did you mean 'xor'?"),
    ("w*x^2", lambda: command("check", "(w)*x ^2"), RuntimeError,
     "argument formula: ^ is no operation here: write ** for a power, as in x**2\n"
     "  (w)*x ^2\n"
     "        ^"),
    ("-x*2", lambda: command("check", "-x*2", "--at", "x=1"), RuntimeError,
     "a formula that begins with a minus looks like an option: put it into parentheses, "
     "\"(-x*2)\""),
    ("-x", lambda: command("draw", "--at", "x=1", "-x"), RuntimeError,
     "a formula that begins with a minus looks like an option: put it into parentheses, \"(-x)\""),
    ("ln(x)", lambda: command("check", "2*ln(x)"), RuntimeError,
     "argument formula: there is no function ln: did you mean 'log'?\n"
     "  2*ln(x)\n"
     "    ^"),
    ("--at x=1,x=2", lambda: command("check", "x*2", "--at", "x=1,x=2"), RuntimeError,
     "--at gives x twice"),
    ("--at x=1 --at x=2",
     lambda: command("check", "x*2", "--at", "x=1", "--at", "x=2"),
     RuntimeError,
     "--at gives x twice"),
    ("two ways to write fi",
     lambda: command("check", "\ufb01 + fi", "--at", "\ufb01=1,fi=2"),
     RuntimeError,
     "--at gives fi twice"),
    ("microbp symmetry --seed a", lambda: command("symmetry", "--seed", "a"), RuntimeError,
     "argument --seed: expected a whole number from 0 on, got 'a'"),
    ("microbp xor --swep 3", lambda: command("xor", "--swep", "3"), RuntimeError,
     "can't read '--swep': did you mean '--sweeps'?"),
    ("microbp symmetry --pre-case", lambda: command("symmetry", "--pre-case", "1"), RuntimeError,
     "can't read '--pre-case': did you mean '--per-case'?"),
    ("microbp check x y", lambda: command("check", "x", "y", "--at", "x=1"), RuntimeError,
     "can't read 'y'"),
    ("microbp symmetry --lr nan", lambda: command("symmetry", "--lr", "nan"), RuntimeError,
     "argument --lr: expected a finite number, got 'nan'"),
    ("microbp draw to a folder that is not there",
     lambda: command("draw", "x", "--at", "x=1", "--out", "nowhere/a.svg"),
     RuntimeError,
     "can't write 'nowhere/a.svg': save: there is no folder 'nowhere'"),
    ("--at x", lambda: command("check", "x", "--at", "x"), RuntimeError,
     "argument --at: expected NAME=NUMBER, got 'x'"),
    ("--at x=a", lambda: command("check", "x", "--at", "x=a"), RuntimeError,
     "argument --at: expected a finite number, got 'a'"),
    ("no --at", lambda: command("check", "x*y", "--at", "x=1"), RuntimeError,
     "--at gives x; the formula has x, y"),
    ("1/x at 0", lambda: command("check", "1/x", "--at", "x=0"), RuntimeError,
     "div(1.0, x = 0.0): the quotient is defined for a divisor other than 0"),
    ("microbp nofile.py", lambda: command("nofile.py"), RuntimeError,
     "nofile.py: no such file"),
    ("2x", lambda: command("check", "2x", "--at", "x=1"), RuntimeError,
     "argument formula: a product needs its sign: write 2*x\n  2x\n  ^"),
    ("sin(x", lambda: command("check", "sin(x", "--at", "x=1"), RuntimeError,
     "argument formula: 1 opening but 0 closing parentheses\n  sin(x\n     ^"),
    ("x +", lambda: command("check", "x +", "--at", "x=1"), RuntimeError,
     "argument formula: this is not a formula\n  x +\n     ^"),
]  # fmt: skip


@wrong_calls(WRONG)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    check(call, kind, text)
