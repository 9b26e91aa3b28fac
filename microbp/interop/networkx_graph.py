"""A graph of Values as a graph of NetworkX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microbp._support.coerce import shown
from microbp._support.packages import how_to_install
from microbp.core.engine import Value
from microbp.core.toposort import operands_first

if TYPE_CHECKING:
    import networkx


def to_networkx(*values: Value) -> networkx.MultiDiGraph:
    """The graph that these Values reach, as a networkx.MultiDiGraph whose nodes are the Values.

    An edge leads from each operand to the result; `x * x` has two. A node has the attributes
    data, grad, label and op, the operation's name ("" for a leaf): copies as they are now. An edge
    has partial and position, 0 for the first operand, which is also its key. Nodes come
    operands first.

    >>> import networkx
    >>> from microbp import Value
    >>> x = Value(3.0, "x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> graph = to_networkx(y)
    >>> graph.nodes[x]
    {'data': 3.0, 'grad': 6.0, 'label': 'x', 'op': ''}
    >>> networkx.shortest_path_length(graph, x, y)
    2

    `networkx.convert_node_labels_to_integers(graph)` is the same without the Values, for a file.

    Raises TypeError for no Value at all or anything else, ImportError where there is no NetworkX.
    """
    if not values:
        raise TypeError("to_networkx: expected one or more Values, got none")
    for value in values:
        if not isinstance(value, Value):
            hint = ": write to_networkx(*net(inputs))" if hasattr(value, "parameters") else ""
            if isinstance(value, (list, tuple)):
                hint = ": write to_networkx(*values)"
            raise TypeError(f"to_networkx: expected Values, got {shown(value)}{hint}")
    try:
        import networkx
    except ImportError:
        raise ImportError(
            "to_networkx needs NetworkX, which is not installed: "
            + how_to_install("networkx", "'microbp[networkx]'")
        ) from None
    graph = networkx.MultiDiGraph()
    for node in operands_first(*values):
        op = "" if node.op is None else node.op.name
        graph.add_node(node, data=node.data, grad=node.grad, label=node.label, op=op)
        for position, (operand, partial) in enumerate(
            zip(node.operands, node.partials, strict=True)
        ):
            graph.add_edge(operand, node, position, partial=partial, position=position)
    return graph
