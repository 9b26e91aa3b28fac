from typing import Any

from microbp.core.python.value import Value

def flattened(
    outputs: list[Value], inputs: list[Value], parameters: list[Value] | None
) -> tuple[Any, ...]: ...
