"""The loop over sweeps."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from microbp import plots
from microbp._support.progress import in_notebook, progress_bar
from microbp.losses import Loss, squared_error
from microbp.optim import Descent
from microbp.training.checkpoint import LastWholeSweep, resume, write_checkpoint
from microbp.training.history import History, Stopped, Sweep
from microbp.training.interruption import ctrl_c_noted
from microbp.training.passes import make_pass
from microbp.training.task import Case, Judge, Task, Trainable, right_side


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
    case instead. A case is a pair (inputs, targets). Training ends sooner if `until`, called with
    what a sweep saw, is true; if the error is no longer finite; or at Ctrl-C, which restores the
    weights of the last whole sweep. `history.stopped` says which.

    With engine "replay" the net and its loss are recorded once, as by `microbp.record`, and
    replayed over all cases at a time, which is hundreds of times faster. With "eager" the graph
    is built anew for every case. They agree but for rounding. "auto" replays if the graph is the
    same in every case, as far as can be seen: if Python compares nothing that depends on the
    case, and a sample of the cases gives the same numbers both ways. `history.engine` says which
    was used. In a replay only the optimizer's parameters get gradients.

    `progress` shows a bar or, as "curve" in a notebook, the learning curve as it grows (which
    needs Matplotlib); outside a notebook "curve" shows the bar, too.

    With `checkpoint`, the run is written to that file every `checkpoint_every` sweeps and when
    it ends. If the file is there already, the run continues from it, to the same bits as if it
    had never stopped.

    Raises FileMismatch if the checkpoint is of another net or run. Raises ValueError if there are
    no cases, if `sweeps` is negative, or if the engine is "replay" and the net can't be replayed.

    >>> import random
    >>> from microbp.nn import Net
    >>> from microbp.optim import Momentum
    >>> net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
    >>> xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    >>> optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
    >>> history = train(
    ...     net, xor, optimizer, sweeps=2000, until=lambda seen: seen.right == 4, progress=False
    ... )
    >>> print(history.stopped)
    the stop condition came true
    """
    _check_settings(cases, sweeps, checkpoint_every, engine, progress)
    history = History(len(cases))
    if checkpoint is not None and Path(checkpoint).exists():
        resume(Path(checkpoint), net, optimizer, history)
    passes = make_pass(Task(net, cases, optimizer, loss, right, change_per_case), engine)
    history.engine = passes.engine
    whole = LastWholeSweep(optimizer, len(history), atomic=passes.atomic)
    with _shown(history, sweeps, progress) as bar, ctrl_c_noted(passes.atomic) as ctrl_c:
        try:
            while len(history) < sweeps:
                seen = passes.sweep(len(history))
                history.sweeps.append(seen)
                if until is not None and until(seen):
                    history.stopped = Stopped.CONDITION
                    break
                if not math.isfinite(seen.error):
                    history.stopped = Stopped.NOT_FINITE
                    break
                if not change_per_case:
                    optimizer.step(seen.sweep)
                whole.keep(len(history))
                if bar.update():
                    bar.set_postfix(error=f"{seen.error:.4g}", refresh=False)
                if checkpoint is not None and len(history) % checkpoint_every == 0:
                    write_checkpoint(checkpoint, net, optimizer, history, whole.sweeps)
                if ctrl_c:
                    raise KeyboardInterrupt
            else:
                history.stopped = Stopped.DONE
        except KeyboardInterrupt:
            whole.restore()
            del history.sweeps[whole.sweeps :]
            history.stopped = Stopped.INTERRUPTED
        if history.sweeps:
            bar.set_postfix(error=f"{history.sweeps[-1].error:.4g}", refresh=False)
        if checkpoint is not None:
            write_checkpoint(checkpoint, net, optimizer, history, whole.sweeps)
        if len(history) == whole.sweeps:
            history.sweeps.append(Sweep(whole.sweeps, *passes.look()))
    return history


def _check_settings(
    cases: Sequence[Case], sweeps: int, checkpoint_every: int, engine: str, progress: bool | str
) -> None:
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


def _shown(history: History, sweeps: int, progress: bool | str) -> Any:
    """What shows the progress of the run: a bar, the curve in a notebook, or nothing."""
    if progress == "curve" and in_notebook():
        return plots.LiveCurve(history, sweeps)
    return progress_bar(len(history), sweeps, "sweeps", bool(progress))
