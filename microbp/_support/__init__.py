"""Helpers that know nothing of Values."""
