"""Text that every font can show."""


def printable(text: str) -> str:
    """The text with a sign in place of each character that no font can show."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
