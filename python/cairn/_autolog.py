"""Hooks into the libraries that a program has imported, so that it need not name a callback."""

import functools
import sys
from typing import Any, Callable, List

from ._quiet import quiet, warn


@quiet([])
def autolog() -> List[str]:
    """Hook the training libraries that are imported by now; return their names.

    Keras' `fit`, Hugging Face's `Trainer`, XGBoost's and LightGBM's `train`, Lightning's `Trainer`.
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


def _wrap(owner: Any, name: str, prepare: Callable[[tuple, dict], None]) -> None:
    """Let `prepare` change the arguments of a function before it is called; once."""
    original = getattr(owner, name)
    if getattr(original, "_cairn", False):
        return

    @functools.wraps(original)
    def wrapped(*given: Any, **named: Any) -> Any:
        quiet()(prepare)(given, named)
        return original(*given, **named)

    wrapped._cairn = True  # type: ignore[attr-defined]
    setattr(owner, name, wrapped)


def _add_callback(make: Callable[[], Any]) -> Callable[[tuple, dict], None]:
    def prepare(given: tuple, named: dict) -> None:
        callback = make()
        present = list(named.get("callbacks") or [])
        if not any(type(one) is type(callback) for one in present):
            named["callbacks"] = present + [callback]

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

    def prepare(given: tuple, named: dict) -> None:
        params = given[0] if given else named.get("params")
        _add_callback(lambda: CairnCallback(params=params))(given, named)

    _wrap(module, "train", prepare)


def _lightgbm(module: Any) -> None:
    from .lightgbm import CairnCallback

    _wrap(module, "train", _add_callback(CairnCallback))


def _lightning(module: Any) -> None:
    from .lightning import CairnLogger

    def prepare(given: tuple, named: dict) -> None:
        present = named.get("logger")
        if present is None or present is True:
            named["logger"] = CairnLogger()
        elif present is not False:
            loggers = list(present) if isinstance(present, (list, tuple)) else [present]
            named["logger"] = loggers + [CairnLogger()]

    _wrap(getattr(module, "pytorch", module).Trainer, "__init__", prepare)


_HOOKS = {
    "keras": _keras,
    "transformers": _transformers,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "lightning": _lightning,
    "pytorch_lightning": _lightning,
}
