"""microbp beside its peers, in one run: `python -m benchmarks`.

`works` says what is computed, `peers` how each contender computes it; `worker` is the process
one contender lives in, `race` sends the workers round after round, and `report` writes what
came out.
"""
