"""Experiments of chapter 8 of Parallel Distributed Processing, volume 1 (1986)."""
