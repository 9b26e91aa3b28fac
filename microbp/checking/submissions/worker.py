"""What runs in the process of a file: limits first, then the file, then the check."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from microbp._support.atomic_file import write_whole
from microbp._support.suggest import did_you_mean
from microbp.checking.black_box import check_gradient
from microbp.checking.submissions.outcome import Outcome, error, of_report
from microbp.checking.submissions.point import read_point, with_arrays
from microbp.checking.submissions.process import Job

NAME = "microbp_submission"
"""The file's name as a module, which is nobody else's; its own may be that of another."""


class Unusable(Exception):
    """Why a file can't be checked, in words."""


def main(task: str, result: str) -> None:
    """Check what the file `task` says, and write the outcome to the file `result`."""
    job = Job(**json.loads(Path(task).read_text(encoding="utf-8")))
    limit(job.seconds, job.gigabytes)
    outcome = outcome_of(job)
    write_whole(result, json.dumps(asdict(outcome)))
    os._exit(0)  # whatever threads the file has started


def outcome_of(job: Job) -> Outcome:
    """The outcome of running a job's file and checking its gradient, in this very process."""
    try:
        sys.dont_write_bytecode = True
        sys.argv = [job.path]
        sys.path.insert(0, str(Path(job.path).resolve().parent))
        module = _run(job.path)
        f = function(module, job.function)
        gradient = None if job.gradient is None else function(module, job.gradient)
        return of_report(check_gradient(f, gradient, _point(job)))
    except Unusable as reason:
        return error(str(reason))
    except BaseException as raised:  # SystemExit, too
        return error(in_words(raised, job.path))


def limit(seconds: float, gigabytes: float) -> None:
    """Limit memory, and time in case that nobody waits for this process any more; as systems can.

    Windows has no such limits, and macOS none of memory. A crash leaves no file.
    """
    if find_spec("resource") is None:
        return
    import resource

    with suppress(OverflowError):  # more seconds than the system counts
        signal.alarm(int(seconds) + 10)
    all_cores = int(seconds * (os.cpu_count() or 1)) + 10
    for what, most in (
        (resource.RLIMIT_AS, int(gigabytes * 2**30)),
        (resource.RLIMIT_CPU, all_cores),
        (resource.RLIMIT_CORE, 0),
    ):
        # More than the limit that there is, or than any; or macOS.
        with suppress(ValueError, OSError, OverflowError):
            resource.setrlimit(what, (most, most))


def _run(path: str) -> ModuleType:
    """Run the file as a module, not as a program: what is below `__main__` is left out."""
    if path.endswith(".ipynb"):
        raise Unusable("it is a notebook: make a script of it, jupyter nbconvert --to script")
    loader = SourceFileLoader(NAME, path)
    spec = spec_from_loader(NAME, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[NAME] = module  # dataclasses and pickles look for it there
    try:
        code = loader.get_code(NAME)
    except SyntaxError as error:
        line = (error.text or "").strip()
        where = f"line {error.lineno}: " if error.lineno else ""
        raise Unusable(
            f"{where}syntax error: {error.msg}" + (f": {line}" if line else "")
        ) from None
    except ValueError as error:
        raise Unusable(f"it is no text that Python can read: {error}") from None
    assert code is not None
    exec(code, module.__dict__)
    return module


def function(module: ModuleType, name: str) -> Callable[..., Any]:
    """The file's function of this name; Unusable with the one that may be meant, or all."""
    found: Any = getattr(module, name, None)
    if callable(found) or hasattr(found, "forward"):
        return found  # type: ignore[no-any-return]
    if found is not None:
        raise Unusable(f"{name} is no function, but {type(found).__name__}")
    defined = [
        each
        for each, what in vars(module).items()
        if callable(what) and getattr(what, "__module__", "") == module.__name__
    ]
    there = f"; there are {', '.join(defined)}" if defined else ": no function is defined"
    raise Unusable(f"there is no function {name!r}{did_you_mean(name, defined) or there}")


def _point(job: Job) -> Any:
    point = read_point(job.at)
    if not job.arrays:
        return point
    import numpy

    return with_arrays(point, numpy.array)


def in_words(raised: BaseException, path: str) -> str:
    """What was raised and where, in a line: the last line of the file that was being run."""
    where = _place(raised.__traceback__, path)
    if isinstance(raised, MemoryError):
        return f"{where}it needs more memory than it may have"
    if isinstance(raised, SystemExit):
        return f"{where}it ends the program: sys.exit({raised.code!r})"
    if isinstance(raised, EOFError):
        return f"{where}it waits for input, and there is none"
    try:
        said = str(raised)
    except Exception:
        said = "an error that can't be shown"
    kind = type(raised).__name__
    if not where:
        return said or kind
    return f"{where}{kind}: {said}" if said else f"{where}{kind}"


def _place(trace: TracebackType | None, path: str) -> str:
    """The last place of a traceback in this file, or else in one beside it; "" if there is none."""
    frames = traceback.extract_tb(trace)
    folder = Path(path).resolve().parent
    own = [frame for frame in frames if frame.filename == path]
    near = [frame for frame in frames if Path(frame.filename).resolve().parent == folder]
    if not own and not near:
        return ""
    frame = (own or near)[-1]
    file = "" if own else f"{Path(frame.filename).name}, "
    within = "" if frame.name == "<module>" else f", in {frame.name}"
    return f"{file}line {frame.lineno}{within}: "
