from array import array
from typing import Any

from microbp.recording import Recording
from microbp.value import Value

class Kernel:
    def __init__(self, recording: Recording, of_inputs: bool, target: int = 0) -> None: ...
    def width_for(self, cases: int) -> int: ...
    def replay(
        self,
        cases: Cases,
        weights: array[float],
        out: Any,
        gradient: Any = None,
        by_input: Any = None,
        threads: int = 1,
    ) -> tuple[float, bool]: ...

class Cases:
    def __init__(self, cases: Any, widest: int) -> None: ...

class Sweeper:
    def __init__(self, kernel: Kernel, parameters: list[Value]) -> None: ...
    def sweep(self, cases: Any, threads: int = 1) -> float | None: ...

class Training:
    def __init__(
        self, kernel: Kernel, parameters: list[Value], table: Any, out: Any, targets: Any
    ) -> None: ...
    def sweep(self) -> tuple[float, int, bool]: ...
    def sweep_of(self, case: int) -> tuple[float, int, bool]: ...

def read(parameters: list[Value], numbers: array[float]) -> None: ...
