"""How each contender computes a workload: one file each, with its class `Adapter`.

An operation that a library lacks is added as one node, the way its own are made; where it can't
be extended, the operation is composed of those it has.
"""
