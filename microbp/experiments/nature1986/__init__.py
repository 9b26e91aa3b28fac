"""The experiments of the paper: symmetry, family trees, iterative nets, and methods of descent."""
