"""Export a recording: as Python source, as a JSON file, as a JAX function."""
