"""A graph in other libraries' terms: a formula of SymPy, a graph of NetworkX."""

from microbp.interop.networkx_graph import to_networkx as to_networkx
from microbp.interop.sympy_formula import to_sympy as to_sympy
