"""Hooks into scikit-learn: what is fitted, and how it scores. Only what a program itself calls."""

import functools
import inspect
import threading
from typing import Any, Callable, Dict, Iterator, List, Optional

from ._quiet import quiet
from ._run import Run, active_run, init

# Curves that estimators keep of their own training, and how they are called here.
_CURVES = {"loss_curve_": "loss", "validation_scores_": "validation_score", "train_score_": "train_score"}
_VALUES = {"best_score_": "best_score", "n_iter_": "iterations"}

_inside = threading.local()
_own: Optional[Run] = None


def hook(module: Any) -> None:
    """Wrap `fit` and `score` of every estimator class that is imported by now; once."""
    for kind in _below(module.base.BaseEstimator):
        for name, after in (("fit", _fitted), ("score", _scored)):
            method = vars(kind).get(name)
            if method is None or getattr(method, "_cairn", False):
                continue
            if inspect.isfunction(method):
                setattr(kind, name, _wrapped(method, after))
            elif hasattr(method, "__get__"):
                setattr(kind, name, _Conditional(method, after))


def _below(kind: type) -> Iterator[type]:
    below: List[type] = kind.__subclasses__()
    for one in below:
        yield one
        yield from _below(one)


def _wrapped(original: Callable[..., Any], after: Callable[[Any, Any], None]) -> Any:
    @functools.wraps(original)
    def called(estimator: Any, *given: Any, **named: Any) -> Any:
        return _outermost(estimator, functools.partial(original, estimator, *given, **named), after)

    called._cairn = True  # type: ignore[attr-defined]
    return called


class _Conditional:
    """A method that not every instance has (`available_if`): the original decides, as ever."""

    _cairn = True

    def __init__(self, original: Any, after: Callable[[Any, Any], None]) -> None:
        self._original = original
        self._after = after

    def __get__(self, estimator: Any, kind: Any = None) -> Any:
        method = self._original.__get__(estimator, kind)
        if estimator is None:
            return method

        @functools.wraps(method)
        def called(*given: Any, **named: Any) -> Any:
            return _outermost(estimator, functools.partial(method, *given, **named), self._after)

        return called


def _outermost(estimator: Any, call: Callable[[], Any], after: Callable[[Any, Any], None]) -> Any:
    """Calls `after` with the estimator and the result; not where another estimator calls it."""
    if getattr(_inside, "busy", False):
        return call()
    _inside.busy = True
    try:
        result = call()
        after(estimator, result)
    finally:
        _inside.busy = False
    return result


@quiet()
def _fitted(estimator: Any, _: Any) -> None:
    from .sklearn import parameters_of

    run = _run_for_fit()
    run.log_parameters(parameters_of(estimator))
    for attribute, name in _CURVES.items():
        for step, value in enumerate(_listed(getattr(estimator, attribute, None))):
            run.log({name: value}, step=step)
    values: Dict[str, Any] = {name: getattr(estimator, key, None) for key, name in _VALUES.items()}
    numbers = {name: value for name, value in values.items() if isinstance(value, (int, float))}
    if numbers:
        run.log(numbers)


def _listed(values: Any) -> Any:
    return [] if values is None else list(values)


def _run_for_fit() -> Run:
    """The active run; each training without one begins its own, which ends with the next."""
    global _own
    present = active_run()
    if present is None or present is _own:
        _own = present = init()
    return present


@quiet()
def _scored(_: Any, result: Any) -> None:
    run = active_run()
    if run is not None:
        run.log({"score": result})
