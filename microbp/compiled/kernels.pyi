from collections.abc import Sequence
from typing import Any

from microbp.compiled.value import Value
from microbp.recording import Recording

SOURCES: str
CODES: dict[str, int]

class Cases:
    count: int
    inputs: int
    width: int
    def __init__(self, cases: Any, width: int) -> None: ...

class Kernel:
    of_inputs: bool
    inputs: int
    parameters: int
    outputs: int
    varying: int
    fixed: int
    def __init__(self, recording: Recording, of_inputs: bool) -> None: ...
    def width_for(self, cases: int) -> int: ...
    def replay(
        self,
        cases: Cases,
        weights: Any,
        out: Any,
        gradient: Any = None,
        by_input: Any = None,
        target: int = 0,
        threads: int = 1,
    ) -> tuple[float, bool]: ...

class Training:
    def __init__(
        self, kernel: Kernel, table: Any, parameters: list[Value], out: Any, targets: Any
    ) -> None: ...
    def sweep(self) -> tuple[float, int, bool]: ...

def read(parameters: Sequence[Value], numbers: Any) -> None: ...
def add_gradient(parameters: Sequence[Value], gradient: Any) -> None: ...
