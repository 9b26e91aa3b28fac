"""What a judge says of an answer that isn't right."""

from __future__ import annotations


class NotYet(Exception):
    """The exercise has not been done; the message says what to do."""


class NotRight(Exception):
    """The answer is wrong; the message says how, or where to look."""
