"""Other people's files: their gradients are checked in a process of its own for each.

`process` starts it and waits; `worker` is what runs in it; `point` reads a point as text;
`table` holds the verdicts on many files.
"""
