"""A journal's entry as one line of JSON."""

import json
from typing import Any, Mapping

from ._values import plain


def entry_text(entry: Mapping[str, Any]) -> str:
    """ASCII only, so that no line is ever cut inside a character."""
    return json.dumps(plain(entry), separators=(",", ":"), allow_nan=False)
