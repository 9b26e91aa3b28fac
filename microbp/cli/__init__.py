"""The parts of the `microbp` command, one a file; each adds its parser with `add_to`."""
