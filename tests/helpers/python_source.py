"""A program's text, executed."""

import builtins


def module(text):
    """What the text defines, in a world with nothing but builtins."""
    world = {"__builtins__": vars(builtins)}
    exec(compile(text, "<source>", "exec"), world)
    return world
