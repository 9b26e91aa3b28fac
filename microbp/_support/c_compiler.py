"""Whether this machine has a C compiler. setup.py and its backend run this file by its path."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig


def is_there() -> bool:
    """On Windows, where compilers are not on the path: perhaps, so that one is tried."""
    words = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    return sys.platform == "win32" or shutil.which(words[0]) is not None
