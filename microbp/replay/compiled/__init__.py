"""The interpreter in C, and the first pass of recording; there where setup.py found a compiler."""
