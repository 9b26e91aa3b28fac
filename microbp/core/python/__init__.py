"""The reference engine, to read: `node`, `value`, `backward`, `optimizer_steps`."""
