"""The `microbp` command; a module for each subcommand adds its arguments by `configure`."""
