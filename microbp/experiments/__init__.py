"""The paper's own experiments, one file each, with their data."""
