"""PyTorch, with a tensor for each scalar."""

from __future__ import annotations

import torch

from benchmarks.adapters.base import BaseAdapter

torch.set_num_threads(1)


def leaf(x: float) -> torch.Tensor:
    return torch.tensor(x, dtype=torch.float64, requires_grad=True)


class Adapter(BaseAdapter):
    leaf = staticmethod(leaf)
    constant = float
    exp = staticmethod(torch.exp)
    log = staticmethod(torch.log)
    tanh = staticmethod(torch.tanh)
    sigmoid = staticmethod(torch.sigmoid)
    relu = staticmethod(torch.relu)
