"""microbp beside its peers, in one run: `python -m benchmarks`.

`workloads` holds what is computed, `adapters` how each contender computes it. Each contender
runs in a process of its own (`worker`, started by `worker_process`), `runner` times them in
turn, round after round, and `report` and `plot` write the results.

Two commands are about checkers of gradients: `python -m benchmarks.checkers` asks ours and others
about hard cases, `python -m benchmarks.random_gradients` asks ours about random expressions.
`python -m benchmarks.reliability` tries to break microbp.
"""
