"""What a node costs, forward and back, here and in micrograd: `python benchmarks/nodes.py`.

Needs `pip install microbp[bench]`. Each figure is the median over many runs of one and the
same graph, divided by its nodes; both engines take turns in one process. micrograd's nodes
are reference cycles (a closure each), so it is measured with the garbage collector on, where
collecting them costs time, and off, where they pile up.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import micrograd.engine

import microbp

NODES = 2_000  # of a graph: micrograd's sweep recurses once for each
ROUNDS = 41


def chain(make: Callable[[float], Any]) -> Any:
    """One product after the other, each by the same leaf."""
    x, factor = make(1.0), make(0.9999)
    for _ in range(NODES):
        x = x * factor
    return x


def lattice(make: Callable[[float], Any]) -> Any:
    """Sums and products in turn, each node used twice."""
    x, y = make(0.5), make(0.3)
    for _ in range(NODES // 2):
        x, y = x * y, x + y
    return x


def nanoseconds_per_node(graph: Callable[..., Any], make: Callable[[float], Any]) -> list[float]:
    """Median forward and backward time, over fresh graphs."""
    forward, back = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        root = graph(make)
        made = time.perf_counter()
        root.backward()
        swept = time.perf_counter()
        forward.append(made - start)
        back.append(swept - made)
        del root
    return [statistics.median(times) / NODES * 1e9 for times in (forward, back)]


def main() -> None:
    sys.setrecursionlimit(10 * NODES)
    print("Nanoseconds a node, forward and back")
    print(f"{'graph':8} {'collector':10}{'microbp':>16}{'micrograd':>16}{'ratio':>14}")
    for graph in (chain, lattice):
        for collect in (True, False):
            if not collect:
                gc.disable()
            ours = nanoseconds_per_node(graph, microbp.Value)
            theirs = nanoseconds_per_node(graph, micrograd.engine.Value)
            gc.enable()
            gc.collect()
            ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
            print(
                f"{graph.__name__:8} {'on' if collect else 'off':10}"
                f"{ours[0]:7.0f}{ours[1]:6.0f} ns{theirs[0]:7.0f}{theirs[1]:6.0f} ns"
                f"{ratios[0]:8.2f}{ratios[1]:6.2f}"
            )


if __name__ == "__main__":
    main()
