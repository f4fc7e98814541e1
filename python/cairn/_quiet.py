"""Nothing of Cairn's may end a training: failures are said once and swallowed here, and only here."""

import functools
import sys
from typing import Any, Callable, Set, TypeVar, cast

_said: Set[str] = set()
_Function = TypeVar("_Function", bound=Callable[..., Any])


def warn(what: str, once_for: str = "") -> None:
    """Say something on standard error, once for each `once_for` (or text).

    Not through `warnings`: a program that turns warnings into errors would be ended by them.
    """
    key = once_for or what
    if key in _said:
        return
    _said.add(key)
    try:
        sys.stderr.write("cairn: %s\n" % what)
    except Exception:  # a closed or full standard error leaves nobody to tell
        pass


def quiet(default: Any = None) -> Callable[[_Function], _Function]:
    """Let a function give `default` in place of raising; `KeyboardInterrupt` and exits go through."""

    def wrap(function: _Function) -> _Function:
        @functools.wraps(function)
        def guarded(*given: Any, **named: Any) -> Any:
            try:
                return function(*given, **named)
            except Exception as error:
                name = function.__qualname__
                warn("%s failed: %s: %s" % (name, type(error).__name__, error), once_for=name)
                return default

        return cast(_Function, guarded)

    return wrap
