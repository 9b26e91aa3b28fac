from typing import Any

from microbp.value import Value

def flattened(
    outputs: list[Value], inputs: list[Value], parameters: list[Value] | None
) -> tuple[Any, ...]: ...
