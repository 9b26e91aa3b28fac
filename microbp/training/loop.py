"""The loop over sweeps."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from microbp import plots
from microbp._support.arguments import named_arguments, one_of
from microbp._support.atomic_file import as_path
from microbp._support.coerce import whole_number
from microbp._support.progress import in_notebook, progress_bar
from microbp._support.termination import exit_at_termination
from microbp.losses import Loss
from microbp.optim import Descent
from microbp.training import settings
from microbp.training.cases import as_cases
from microbp.training.checkpoint import Checkpoint, LastWholeSweep
from microbp.training.history import History, Stopped, Sweep
from microbp.training.interruption import ctrl_c_noted
from microbp.training.judges import Judge
from microbp.training.observation import Patience, Watch
from microbp.training.page_of_run import page_of
from microbp.training.passes import make_pass
from microbp.training.run_identity import RunIdentity
from microbp.training.task import Case, Trainable

ELSEWHERE = {
    "batch_size": "batch",
    "callbacks": "callback",
    "criterion": "loss",
    "early_stopping": "patience",
    "epochs": "sweeps",
    "iterations": "sweeps",
    "learning_rate": "lr",
    "random_state": "seed",
    "steps": "sweeps",
    "validation_data": "validation",
    "verbose": "progress",
    "weight_decay": "l2",
}
"""What other libraries call the arguments of `train`."""


@named_arguments("train", ELSEWHERE)
def train(
    net: Trainable,
    cases: Sequence[Case] | tuple[Any, Any],
    optimizer: Descent | None = None,
    *,
    sweeps: int = 100,
    lr: float | Callable[[int], float] | None = None,
    loss: Loss | str = "squared",
    batch: int | None = None,
    seed: int = 0,
    l1: float = 0.0,
    l2: float = 0.0,
    change_per_case: bool = False,
    right: Judge | None = None,
    validation: Sequence[Case] | tuple[Any, Any] | None = None,
    metrics: Mapping[str, Callable[..., Any]] | None = None,
    until: Callable[[Sweep], bool] | None = None,
    callback: Callable[[History], Any] | None = None,
    patience: int | None = None,
    keep: Literal["weights"] | None = None,
    every: int = 1,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    engine: str = "auto",
    progress: bool | Literal["curve"] = True,
) -> History:
    """Change the weights `sweeps` times, each by the gradient summed over all of the cases.

    That is what the paper did; with `change_per_case` a sweep changes the weights after each
    case instead, and with `batch` after so many cases, in an order that `seed` shuffles anew for
    each sweep. Training ends sooner if `until`, called with what a sweep saw, is true; if the
    error is no longer finite; or at Ctrl-C, which restores the weights of the last whole sweep.
    `history.stopped` says which.

    cases: pairs (inputs, targets); or (X, y), arrays, pandas frames or nested lists with a row
    for each case. A number among the targets stands for a list of one; for "cross_entropy" it is
    the number of the class, from 0 on. optimizer: by default Adam, with the step size `lr`, 0.01.

    loss: "squared", "banded_squared", "cross_entropy", "binary_cross_entropy" or "hinge", as in
    `microbp.losses`, or a function of outputs and targets. The cross-entropies take total inputs
    (activation "linear"). `l1` and `l2` add l1 sum |w| + l2 sum w^2 to E, which is summed over
    the cases; a batch takes the share of it that it has of the cases.

    right: which cases `history.accuracy` counts as right, by default those with every output
    on its target's side of 0.5; for "binary_cross_entropy" with every sigmoid of an output there,
    for "hinge" with the target's sign, for "cross_entropy" with the largest output at the class.

    validation: other cases, looked at before each sweep and at the end: `history.validation`.
    metrics: functions of a case's outputs and targets, by name; their means over the validation
    cases, or else over the cases, are in `history.metrics`. keep: "weights" keeps the weights of
    each sweep, or of `every` so many, in `history.weights`.

    callback: called with the history once a sweep, before the change of the weights that the
    sweep leads to (or, with batches, after them). It may look at everything and set weights or
    the optimizer's step size; training ends if it returns True, and what it raises comes out of
    `train`, with the weights as they are. patience: training ends once the error, that of the
    validation cases if there are any, has not been lower for so many sweeps.

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
    had never stopped. The step size, the momentum, the number of sweeps, and when to stop may be
    others then; the net, the cases, the loss, what is right, `batch`, `seed`, `change_per_case`,
    penalties, validation, metrics and an optimizer's other settings may not. A function is known
    by its name and by what it holds; where its code has changed, or it holds what nobody can look
    into, a warning says so. Two trainings at once need a file each. Where a file can't be written
    later on, as the disk is full, training goes on, and `history.unsaved` and a warning say why.
    SIGTERM and SIGHUP then end the run as Ctrl-C does, and after it, by SystemExit, the program,
    unless that handles them in a way of its own.

    Raises FileMismatch if the checkpoint is of another net or run, is damaged, or larger than
    64 MiB and 64 bytes for each number that such a run keeps; OSError if it can't be written;
    TypeError or ValueError for arguments of other kinds, if there are no cases, if the optimizer
    has none of the net's parameters, if a cross-entropy would squash outputs that are sigmoid or
    softmax already, or if the engine is "replay" and the net can't be replayed. All of these come
    before anything is changed. An error within a sweep, as of a case that is no number, leaves
    the weights and the optimizer as the last whole sweep did.

    >>> from microbp.nn import Net
    >>> from microbp.optim import Momentum
    >>> net = Net(2, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)
    >>> xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    >>> optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
    >>> history = train(
    ...     net, xor, optimizer, sweeps=2000, until=lambda seen: seen.right == 4, progress=False
    ... )
    >>> print(history.stopped)
    the stop condition came true
    """
    sweeps = whole_number(sweeps, "train: sweeps")
    engine = one_of(engine, ["auto", "replay", "eager"], "train: engine")
    settings.check_progress(progress)
    settings.check_callables(until=until, callback=callback)
    metrics = settings.the_metrics(metrics)
    patience = None if patience is None else whole_number(patience, "train: patience", 1)
    every = whole_number(every, "train: every", 1)
    if keep is not None:
        one_of(keep, ["weights"], "train: keep")
    if checkpoint is not None:
        checkpoint = as_path(checkpoint, "train: checkpoint")
    checkpoint_every = whole_number(checkpoint_every, "train: checkpoint_every", 1)
    task = settings.the_task(
        net,
        cases,
        optimizer,
        lr=lr,
        loss=loss,
        batch=batch,
        seed=seed,
        l1=l1,
        l2=l2,
        change_per_case=change_per_case,
        right=right,
    )
    others = None
    if validation is not None:
        unseen = as_cases(validation, net, task.loss, "train: validation")
        others = replace(task, cases=unseen, change_per_case=False, batch=None, penalty=None)
    history = History(len(task.cases))
    saved = None
    if checkpoint is not None:
        run = RunIdentity(task, others, metrics)
        saved = Checkpoint(checkpoint, net, task.optimizer, history, run)
        saved.check_writable()
    optimizer = task.optimizer
    passes = make_pass(task, engine)
    pass_over_others = None if others is None else make_pass(others, engine)
    if saved is not None and checkpoint is not None and checkpoint.exists():
        saved.resume(sweeps, validated=bool(others), measured=metrics, kept=bool(keep))
    history.engine = passes.engine
    kept = every if keep else None
    watch = Watch(history, passes, pass_over_others, metrics, kept, optimizer.parameters)
    out_of_patience = None if patience is None else Patience(patience).is_out
    history._training = passes
    if not history.sweeps:
        history._page = page_of(task, history)
    whole = LastWholeSweep(optimizer, len(history), atomic=passes.atomic)
    with (
        _shown(history, sweeps, progress) as bar,
        exit_at_termination(checkpoint is not None),
        ctrl_c_noted(passes.atomic) as ctrl_c,
    ):
        try:
            while (sweep := len(history)) < sweeps:
                watch.note(sweep)
                try:
                    seen = passes.sweep(sweep)
                except Exception:
                    whole.undo()
                    raise
                history.sweeps.append(seen)
                if until is not None and until(seen):
                    history.stopped = Stopped.CONDITION
                    break
                if callback is not None and callback(history) in (True,):
                    history.stopped = Stopped.CONDITION
                    break
                if not math.isfinite(seen.error):
                    history.stopped = Stopped.NOT_FINITE
                    break
                if out_of_patience and out_of_patience(history.validation or history.sweeps):
                    history.stopped = Stopped.PATIENCE
                    break
                if not task.steps_in_sweep:
                    try:
                        optimizer.step(seen.sweep)
                    except Exception:
                        whole.undo()
                        raise
                whole.keep(sweep + 1)
                if bar.update():
                    bar.set_postfix(error=f"{seen.error:.4g}", refresh=False)
                if saved is not None and (sweep + 1) % checkpoint_every == 0:
                    saved.write(whole.sweeps)
                if ctrl_c:
                    raise KeyboardInterrupt
            else:
                history.stopped = Stopped.DONE
        except KeyboardInterrupt:
            whole.restore()
            del history.sweeps[whole.sweeps :]
            watch.forget_after(whole.sweeps)
            history.stopped = Stopped.INTERRUPTED
        if history.sweeps:
            bar.set_postfix(error=f"{history.sweeps[-1].error:.4g}", refresh=False)
        if saved is not None:
            saved.write(whole.sweeps)
        if len(history) == whole.sweeps:
            watch.note(whole.sweeps, last=True)
            history.sweeps.append(Sweep(whole.sweeps, *passes.look()))
    if history.unsaved:
        warnings.warn(
            f"train: the checkpoint could not be written: {history.unsaved}", stacklevel=3
        )
    return history


def _shown(history: History, sweeps: int, progress: bool | str) -> Any:
    """What shows the progress of the run: a bar, the curve in a notebook, or nothing."""
    if progress == "curve" and in_notebook():
        return plots.LiveCurve(history, sweeps)
    return progress_bar(len(history), sweeps, "sweeps", bool(progress))
