"""Run `microbp` in this process."""

import pytest

from microbp.cli.main import main


def command(capsys, *arguments):
    """The exit status, and what was printed."""
    status = main([*map(str, arguments)])
    return status, capsys.readouterr().out


def refused(capsys, *arguments):
    """The last line of the error message for bad input."""
    with pytest.raises(SystemExit) as stop:
        main([*map(str, arguments)])
    assert stop.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]
