"""The programs are for Pyodide."""

collect_ignore = ["programs"]
