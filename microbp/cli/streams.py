"""Standard output and standard error, whatever the shell has made of them."""

from __future__ import annotations

import errno
import io
import select
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Tolerant(io.RawIOBase):
    """A stream of bytes that keeps the first error in `error`, and from then on takes all in vain.

    So a pipe that nobody reads, or a full disk, ends no work that is worth finishing.
    """

    def __init__(self, stream: io.RawIOBase, error: OSError | None = None) -> None:
        self._stream = stream
        self.error = error

    def write(self, data: ReadableBuffer) -> int:
        rest = memoryview(data).cast("B")
        length = len(rest)
        try:
            while rest and self.error is None:
                written = self._stream.write(rest)
                if written is None:  # another program has made it one that does not wait
                    select.select([], [self._stream], [])
                rest = rest[written or 0 :]
        except OSError as error:
            self.error = error
        return length

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


def tolerant(stream: TextIO | None) -> tuple[TextIO, Tolerant | None]:
    """The stream with a `Tolerant` at its bottom, and that; where there is none, one for nothing.

    Characters that its encoding lacks are written as Python writes them in a string, \\u2207.
    """
    if stream is None:
        nowhere = Tolerant(io.RawIOBase(), OSError(errno.EBADF, "closed"))
        return io.TextIOWrapper(io.BufferedWriter(nowhere), encoding="utf-8"), None
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None
    buffered = hasattr(stream.buffer, "raw")
    raw = Tolerant(stream.buffer.raw if buffered else stream.buffer)
    text = io.TextIOWrapper(
        io.BufferedWriter(raw) if buffered else raw,  # type: ignore[type-var]  # as python -u does
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
    return text, raw


def make_tolerant() -> Tolerant | None:
    """Exchange sys.stdout and sys.stderr for tolerant ones; returns the bytes of sys.stdout."""
    sys.stdout, output = tolerant(sys.stdout)
    sys.stderr, _ = tolerant(sys.stderr)
    return output
