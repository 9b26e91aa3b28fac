"""The programs are other people's, and no modules to look for doctests in."""

collect_ignore = ["programs"]
