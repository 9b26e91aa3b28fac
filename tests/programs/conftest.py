"""The programs are no modules to look for doctests in: importing one would run it."""

collect_ignore = ["scripts"]
