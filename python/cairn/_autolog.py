"""Hooks into the libraries that a program has imported, so that it need not name a callback."""

import functools
import inspect
import sys
from typing import Any, Callable, Dict, List, Tuple, cast

from ._quiet import quiet, warn

_Given = Tuple[Any, ...]
_Named = Dict[str, Any]


@quiet([])
def autolog() -> List[str]:
    """Hook the training libraries that are imported by now; return their names.

    Keras' `fit`, Hugging Face's `Trainer`, XGBoost's and LightGBM's `train`, Lightning's `Trainer`,
    `fit` and `score` of scikit-learn's estimators.
    Without an active run each training begins one.
    """
    hooked = []
    for name, hook in _HOOKS.items():
        if name in sys.modules and _hooked(name, hook):
            hooked.append(name)
    return hooked


def _hooked(name: str, hook: Callable[[Any], None]) -> bool:
    try:
        hook(sys.modules[name])
        return True
    except Exception as error:
        warn("%s could not be hooked: %s" % (name, error))
        return False


class _Call:
    """What a function is called with, by the names of its parameters, however it was passed."""

    def __init__(self, function: Callable[..., Any], given: _Given, named: _Named) -> None:
        self._bound = inspect.signature(function).bind_partial(*given, **named)
        kinds = {kind.kind: name for name, kind in self._bound.signature.parameters.items()}
        self._others = kinds.get(inspect.Parameter.VAR_KEYWORD)

    def get(self, name: str) -> Any:
        return self._place(name).get(name)

    def set(self, name: str, value: Any) -> None:
        self._place(name)[name] = value

    def _place(self, name: str) -> Dict[str, Any]:
        arguments = self._bound.arguments
        if name in self._bound.signature.parameters or self._others is None:
            return arguments
        return cast(Dict[str, Any], arguments.setdefault(self._others, {}))

    def passed(self) -> Tuple[_Given, _Named]:
        return self._bound.args, self._bound.kwargs


def _wrap(owner: Any, name: str, prepare: Callable[[_Call], None]) -> None:
    """Let `prepare` change the arguments of a function before it is called; once."""
    original = getattr(owner, name)
    if getattr(original, "_cairn", False):
        return

    def prepared(given: _Given, named: _Named) -> Tuple[_Given, _Named]:
        call = _Call(original, given, named)
        prepare(call)
        return call.passed()

    @functools.wraps(original)
    def wrapped(*given: Any, **named: Any) -> Any:
        given, named = quiet((given, named))(prepared)(given, named)
        return original(*given, **named)

    wrapped._cairn = True  # type: ignore[attr-defined]
    setattr(owner, name, wrapped)


def _add_callback(make: Callable[[], Any]) -> Callable[[_Call], None]:
    def prepare(call: _Call) -> None:
        callback = make()
        present = list(call.get("callbacks") or [])
        if not any(type(one) is type(callback) for one in present):
            call.set("callbacks", present + [callback])

    return prepare


def _keras(module: Any) -> None:
    from .keras import CairnCallback

    for owner in {module.Model, module.Sequential}:
        if "fit" in vars(owner):
            _wrap(owner, "fit", _add_callback(CairnCallback))
    if "fit" not in vars(module.Model):
        _wrap(module.Model, "fit", _add_callback(CairnCallback))


def _transformers(module: Any) -> None:
    from .transformers import CairnCallback

    _wrap(module.Trainer, "__init__", _add_callback(CairnCallback))


def _xgboost(module: Any) -> None:
    from .xgboost import CairnCallback

    def prepare(call: _Call) -> None:
        _add_callback(lambda: CairnCallback(params=call.get("params")))(call)

    _wrap(module, "train", prepare)


def _lightgbm(module: Any) -> None:
    from .lightgbm import CairnCallback

    _wrap(module, "train", _add_callback(CairnCallback))


def _lightning(module: Any) -> None:
    from .lightning import CairnLogger

    def prepare(call: _Call) -> None:
        present = call.get("logger")
        if present is None or present is True:
            call.set("logger", CairnLogger())
        elif present is not False:
            loggers = list(present) if isinstance(present, (list, tuple)) else [present]
            call.set("logger", loggers + [CairnLogger()])

    _wrap(getattr(module, "pytorch", module).Trainer, "__init__", prepare)


def _sklearn(module: Any) -> None:
    from ._autolog_sklearn import hook

    hook(module)


_HOOKS = {
    "keras": _keras,
    "transformers": _transformers,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "sklearn": _sklearn,
    "lightning": _lightning,
    "pytorch_lightning": _lightning,
}
