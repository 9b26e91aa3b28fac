"""A command in an odd shell: its own exit status or the usual one, a line at most, no traceback."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.reliability.commands import COMMANDS, Command, Ended, ended, started, unfinished

WHAT = "a command with a broken pipe, a full disk, closed streams, ASCII or a read-only folder"
TIMES = 300
FULL = "/dev/full"


def attempt(rng: Random) -> str:
    situation, command = rng.choice([*SITUATIONS]), rng.choice([*COMMANDS])
    with tempfile.TemporaryDirectory() as folder:
        SITUATIONS[situation](COMMANDS[command], Path(folder))
        left = unfinished(Path(folder))
    assert not left, left
    return "as it should"


def nobody_reads(command: Command, folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    end = ended(started(command, folder, stdout=write))
    os.close(write)
    assert end.status == (141 if command.says else command.status), end
    assert not (command.says and _of_errors(end)), end


def full_output(command: Command, folder: Path) -> None:
    with Path(FULL).open("w") as full:
        end = ended(started(command, folder, stdout=full))
    assert end.status == 2, end
    line = "microbp: error: can't write standard output: No space left on device"
    assert not command.says or _of_errors(end) == [line], end


def full_errors(command: Command, folder: Path) -> None:
    with Path(FULL).open("w") as full:
        end = ended(started(command, folder, stderr=full))
    assert end.status == command.status, end


def closed(streams: tuple[int, ...], command: Command, folder: Path) -> None:
    def close() -> None:
        for number in streams:
            os.close(number)

    kept = {"stdin": None, "stdout": None, "stderr": None}
    pipes = {name: None for name, n in zip(kept, range(3), strict=True) if n in streams}
    end = ended(started(command, folder, close, **pipes))
    assert end.status == command.status, end


def environment(variables: dict[str, str], command: Command, folder: Path) -> None:
    end = ended(started(command, folder, environment=variables))
    assert end.status == command.status, end


def no_folder_for_files(command: Command, folder: Path) -> None:
    end = ended(started(command, Path("/proc")))
    assert end.status == (command.unwritten or command.status), end
    assert bool(_of_errors(end)) == (end.status == 2), end


def disk_full(command: Command, folder: Path) -> None:
    import resource

    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    end = ended(started(command, folder, limit, environment={"PYTHONDONTWRITEBYTECODE": "1"}))
    assert end.status == (command.unwritten or command.status), end
    assert bool(_of_errors(end)) == (end.status == 2), end


def _of_errors(end: Ended) -> list[str]:
    """The lines of errors, without those of progress bars."""
    return [line for line in end.errors.splitlines() if line and "%|" not in line]


C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SITUATIONS: dict[str, Callable[[Command, Path], None]] = {
    "nobody reads": nobody_reads,
    "full output": full_output,
    "full errors": full_errors,
    "closed output": partial(closed, (1,)),
    "closed errors": partial(closed, (2,)),
    "all closed": partial(closed, (0, 1, 2)),
    "ascii": partial(environment, {"PYTHONIOENCODING": "ascii"}),
    "C locale": partial(environment, C_LOCALE),
    "unbuffered": partial(environment, {"PYTHONUNBUFFERED": "1"}),
    "no folder for files": no_folder_for_files,
    "disk full": disk_full,
}
