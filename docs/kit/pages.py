"""Pages that are one file each: they load nothing, and run no script but their own."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def page(title: str, body: str, style: str, script: str = "") -> str:
    """A whole page in HTML; `style` and `script` name files beside this one."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    code = ""
    if script:
        text = (HERE / script).read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
        code = f"<script>{text}</script>\n"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>\n{(HERE / style).read_text('utf-8')}</style>\n</head>\n"
        f"<body>\n{body}\n{code}</body>\n</html>\n"
    )
