from array import array
from typing import Any

from microbp.core.python.value import Value
from microbp.replay.recording import Recording

VECTORS: list[str]

def use_vectors(name: str) -> None: ...
def vectors() -> str: ...
def use_plans(use: bool) -> None: ...

class Kernel:
    def __init__(
        self, recording: Recording, of_inputs: bool, target: int = 0, forward_only: bool = False
    ) -> None: ...
    rows: int
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

class Runner:
    def __init__(self, kernel: Kernel, parameters: list[Value]) -> None: ...
    def backward(self, cases: Any, threads: int = 1) -> float | None: ...

class RunnerPool:
    def __init__(self, kernel: Kernel, parameters: list[Value], several: bool = False) -> None: ...
    def backward(self, cases: Any, threads: int = 1) -> float | None: ...
    def by_case(self, cases: Any) -> Any: ...

class Training:
    def __init__(
        self,
        kernel: Kernel,
        parameters: list[Value],
        table: Any,
        out: Any,
        targets: Any,
        output_edge: float = 0.5,
        target_edge: float = 0.5,
        by_class: bool = False,
    ) -> None: ...
    def refill(self) -> None: ...
    def sweep(self) -> tuple[float, int, bool]: ...
    def sweep_of(self, case: int) -> tuple[float, int, bool]: ...
