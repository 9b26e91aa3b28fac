"""Training: sweeps over the cases, and how to stop and go on."""

from __future__ import annotations

import json
import math
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from microbp import plots
from microbp._support.atomic_file import FileMismatch, write_whole
from microbp._support.progress import in_notebook, progress_bar
from microbp.losses import Loss, squared_error
from microbp.optim import Descent
from microbp.training.history import History, Sweep
from microbp.training.passes import Case, Judge, Trainable, evaluate, right_side, way

__all__ = ["History", "Sweep", "evaluate", "right_side", "train"]


def train(
    net: Trainable,
    cases: Sequence[Case],
    optimizer: Descent,
    *,
    sweeps: int,
    loss: Loss = squared_error,
    change_per_case: bool = False,
    right: Judge = right_side,
    until: Callable[[Sweep], bool] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    engine: str = "auto",
    progress: bool | Literal["curve"] = True,
) -> History:
    """Change the weights `sweeps` times, each by the gradient summed over all of the cases.

    That is what the paper did; with `change_per_case` a sweep changes the weights after each
    case instead. A case is a pair (inputs, targets). Training ends sooner where `until` is
    true of what a sweep saw; where the error is not finite any more; and at Ctrl-C, which
    gives back the weights of the last whole sweep.

    With engine "replay" the net and its loss are recorded once, as `microbp.record` does, and
    replayed over all cases at a time, which is hundreds of times faster; with "eager" the graph is
    built anew for every case. They agree but for rounding. "auto" replays where the graph is the
    same in every case, as far as can be seen: where no Python comparison looks at a number that a
    case brings, and a sample of the cases comes out the same when built. `history.engine`
    says which it was. In a replay only the optimizer's parameters get gradients.

    `progress` shows a bar, or, as "curve" in a notebook, the learning curve as it grows; it stays
    as one picture. That needs Matplotlib. Outside of a notebook there is the bar.

    With `checkpoint`, the run is written to that file every `checkpoint_every` sweeps and when
    it ends; where the file is there already, the run goes on from it, to the same bits as if
    it had never stopped. FileMismatch tells where it is of another net or another run;
    ValueError where there are no cases, sweeps are fewer than none, or replay was asked for and
    can't be had.

    >>> import random
    >>> from microbp.nn import Net
    >>> from microbp.optim import Momentum
    >>> net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
    >>> xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    >>> optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
    >>> history = train(
    ...     net, xor, optimizer, sweeps=2000, until=lambda seen: seen.right == 4, progress=False
    ... )
    >>> history.stopped
    'the stop condition came true'
    """
    if not cases:
        raise ValueError("train: expected at least one case, got none")
    if sweeps < 0 or checkpoint_every < 1:
        raise ValueError(
            f"train: expected sweeps >= 0 and checkpoint_every >= 1, "
            f"got {sweeps} and {checkpoint_every}"
        )
    if engine not in ("auto", "replay", "eager"):
        raise ValueError(f"train: expected engine 'auto', 'replay' or 'eager', got {engine!r}")
    if progress not in (True, False, "curve"):
        raise ValueError(f"train: expected progress True, False or 'curve', got {progress!r}")
    history = History(len(cases))
    if checkpoint is not None and Path(checkpoint).exists():
        _resume(Path(checkpoint), net, optimizer, history)

    def save() -> None:
        if checkpoint is not None:
            write_whole(checkpoint, _as_json(net, optimizer, history, whole.sweeps))

    sweep, history.engine, seen_now, atomic = way(
        net, cases, optimizer, loss, right, change_per_case, engine
    )
    whole = _Snapshot.of(optimizer, history)
    with (
        _shown(history, sweeps, progress) as bar,
        _ctrl_c_waits(atomic) as ctrl_c,
    ):
        try:
            while len(history) < sweeps:
                seen = sweep(len(history))
                history.sweeps.append(seen)
                if until is not None and until(seen):
                    history.stopped = "the stop condition came true"
                    break
                if not math.isfinite(seen.error):
                    history.stopped = "the error is not finite"
                    break
                if not change_per_case:
                    optimizer.step(seen.sweep)
                if atomic:
                    whole.sweeps = len(history)
                else:
                    whole = _Snapshot.of(optimizer, history)
                if bar.update():
                    bar.set_postfix(error=f"{seen.error:.4g}", refresh=False)
                if len(history) % checkpoint_every == 0:
                    save()
                if ctrl_c:
                    raise KeyboardInterrupt
            else:
                history.stopped = "all sweeps done"
        except KeyboardInterrupt:
            if not atomic:
                whole.restore(optimizer)
            del history.sweeps[whole.sweeps :]
            history.stopped = "interrupted"
        if history.sweeps:
            bar.set_postfix(error=f"{history.sweeps[-1].error:.4g}", refresh=False)
        save()
        if len(history) == whole.sweeps:
            history.sweeps.append(Sweep(whole.sweeps, *seen_now()))
    return history


def _shown(history: History, sweeps: int, progress: bool | str) -> Any:
    """What shows how far the run has come: a bar, the curve in a notebook, or nothing."""
    if progress == "curve" and in_notebook():
        return plots.LiveCurve(history, sweeps)
    return progress_bar(len(history), sweeps, "sweeps", bool(progress))


@contextmanager
def _ctrl_c_waits(wanted: bool) -> Iterator[list[bool]]:
    """Let Ctrl-C only make a note, if wanted: sweeps that take microseconds needn't be cut short.

    A second one does what it always does.
    """
    noted: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    main = threading.current_thread() is threading.main_thread()
    if not (wanted and main and before is signal.default_int_handler):
        yield noted
        return

    def note(number: int, frame: Any) -> None:
        signal.signal(signal.SIGINT, before)
        noted.append(True)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class _Snapshot:
    """A run between two sweeps: all that it needs to go on from there."""

    weights: list[float]
    optimizer: dict[str, Any]
    sweeps: int

    @classmethod
    def of(cls, optimizer: Descent, history: History) -> _Snapshot:
        return cls([p.data for p in optimizer.parameters], optimizer.state_dict(), len(history))

    def restore(self, optimizer: Descent) -> None:
        for p, data in zip(optimizer.parameters, self.weights, strict=True):
            p.data = data
        optimizer.load_state_dict(self.optimizer)


def _as_json(net: Trainable, optimizer: Descent, history: History, sweeps: int) -> str:
    """The contents of a checkpoint file, for a run that has changed its weights so often."""
    return json.dumps(
        {
            "net": net.state_dict(),
            "optimizer": {"kind": type(optimizer).__name__, **optimizer.state_dict()},
            "cases": history.cases,
            "sweeps": history.sweeps[:sweeps],
        }
    )


def _resume(path: Path, net: Trainable, optimizer: Descent, history: History) -> None:
    """Set everything to where a checkpoint file left it; FileMismatch where it doesn't fit."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        kind, cases = saved["optimizer"].pop("kind"), saved["cases"]
        sweeps = [Sweep(*sweep) for sweep in saved["sweeps"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    if kind != type(optimizer).__name__:
        ours = type(optimizer).__name__
        raise FileMismatch(f"{path.name} holds a run of {kind} where this one has {ours}")
    if cases != history.cases:
        raise FileMismatch(f"{path.name} holds a run over {cases} cases, not {history.cases}")
    before, state = _Snapshot.of(optimizer, history), net.state_dict()
    try:
        net.load_state_dict(saved["net"], path.name)
        optimizer.load_state_dict(saved["optimizer"])
    except (TypeError, KeyError):
        net.load_state_dict(state)
        before.restore(optimizer)
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    history.sweeps = sweeps
