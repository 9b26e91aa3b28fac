"""A recorded graph elsewhere: as Python source, as a JSON file, as a function of JAX."""
