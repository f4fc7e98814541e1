"""What training code logs, as JSON: numbers of any library, names of any kind, NaN and infinities."""

import json
import math
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

DEEPEST = 16
LONGEST_TEXT = 10_000
LONGEST_LIST = 1_000

_escape = json.encoder.encode_basestring_ascii


def number_text(value: Any) -> Optional[str]:
    """A number as JSON text (`"NaN"` and the infinities as texts); `None` for what is no number."""
    kind = type(value)
    if kind is float:
        # NaN and infinities are the numbers whose difference from themselves is not zero.
        return repr(value) if value - value == 0.0 else _not_finite(value)
    if kind is int:
        return str(value) if -(1 << 63) < value < (1 << 63) else number_text(float(value))
    if kind is bool:
        return "1" if value else "0"
    if isinstance(value, (str, bytes, list, tuple, dict)) or value is None:
        return None
    return _foreign_number(value)


def _foreign_number(value: Any) -> Optional[str]:
    """NumPy and framework scalars: anything of one element that gives itself up as a number."""
    item = getattr(value, "item", None)
    try:
        plain = item() if callable(item) else float(value)
    except Exception:
        return None
    if isinstance(plain, bool):
        return "1" if plain else "0"
    if isinstance(plain, (int, float)):
        plain = plain if type(plain) is int else float(plain)
        return number_text(plain)
    return None


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def flat_numbers(values: Mapping[Any, Any], prefix: str = "", depth: int = 0) -> Iterator[Tuple[str, Any]]:
    """Pairs of name and value; nested mappings are joined with `/`."""
    for key, value in values.items():
        name = prefix + str(key)
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from flat_numbers(value, name + "/", depth + 1)
        else:
            yield name, value


def escaped(name: str) -> str:
    """A JSON string."""
    return _escape(name)


def plain(value: Any, depth: int = 0) -> Any:
    """A value that JSON can hold as it is: parameters and descriptions of any library."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, int):
        return int(value) if abs(value) < (1 << 53) else str(value)
    if isinstance(value, float):
        return _finite_or_name(float(value))
    if depth >= DEEPEST:
        return _text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value[:LONGEST_LIST]]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)[:LONGEST_LIST]
    return _foreign_plain(value, depth)


def _finite_or_name(value: float) -> Any:
    return value if math.isfinite(value) else json.loads(_not_finite(value))


def _foreign_plain(value: Any, depth: int) -> Any:
    text = number_text(value)
    if text is not None:
        return json.loads(text)
    for name in ("tolist", "_asdict", "to_dict"):
        method = getattr(value, name, None)
        if callable(method) and not isinstance(value, type):
            return plain(method(), depth + 1)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return plain(dict(vars(value)), depth + 1)
    if isinstance(value, type) or callable(value):
        return str(getattr(value, "__name__", "")) or _text(value)
    return _text(value)


def _text(value: Any) -> str:
    """What an object says of itself; some refuse to."""
    try:
        return str(value)[:LONGEST_TEXT]
    except Exception:
        return type(value).__name__


def namespace(params: Any) -> Dict[str, Any]:
    """Parameters as a dictionary: a mapping, argparse's namespace, a dataclass, any object."""
    if params is None:
        return {}
    found = plain(params if isinstance(params, Mapping) else vars(params))
    return found if isinstance(found, dict) else {}
