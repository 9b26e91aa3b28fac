"""Who has a file open to write it: a lock that ends with its process, killed or not."""

from __future__ import annotations

import errno
from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows, Emscripten
    fcntl = None


def take_lock(handle: int) -> bool:
    """Lock an open file for as long as it is open; False if somebody else has locked it.

    Also True where nobody can know: on Windows, and on file systems without locks.
    """
    if hasattr(fcntl, "flock"):  # JupyterLite has a module of this name with nothing in it
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True
