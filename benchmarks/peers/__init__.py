"""How each contender computes a work: one file each, with its class `Peer`.

An operation that a peer has not got is added the way its own are made, as one node; where a
peer can't be added to, it is composed of those it has.
"""
