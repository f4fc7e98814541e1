"""Predictions as a table: the form that Cairn computes metrics from."""

import csv
import os
from typing import Any, Iterable, List, Optional

from ._values import number_text


def write(path: str, y_true: Iterable[Any], y_pred: Iterable[Any], scores: Optional[Iterable[Any]]) -> int:
    """Write `y_true,y_pred[,score…]`, a row an example; return how many there are.

    Raises ValueError where the lists differ in length.
    """
    truth, predicted = _listed(y_true), _listed(y_pred)
    columns = None if scores is None else [_row(item) for item in _listed(scores)]
    if len(truth) != len(predicted) or (columns is not None and len(columns) != len(truth)):
        raise ValueError("y_true, y_pred and scores differ in length")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["y_true", "y_pred"] + _score_names(truth, columns))
        for index, (true, guess) in enumerate(zip(truth, predicted)):
            cells = [_cell(true), _cell(guess)]
            writer.writerow(cells + (columns[index] if columns is not None else []))
    return len(truth)


def _listed(values: Iterable[Any]) -> List[Any]:
    for name in ("detach", "cpu", "numpy"):
        method = getattr(values, name, None)
        values = method() if callable(method) else values
    tolist = getattr(values, "tolist", None)
    return list(tolist() if callable(tolist) else values)


def _cell(value: Any) -> str:
    while isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    text = number_text(value)
    return str(value) if text is None else text.strip('"')


def _row(value: Any) -> List[str]:
    return [_cell(item) for item in value] if isinstance(value, (list, tuple)) else [_cell(value)]


def _score_names(truth: List[Any], columns: Optional[List[List[str]]]) -> List[str]:
    """One column is the positive class's; of several each belongs to a class, in sorted order."""
    width = len(columns[0]) if columns else 0
    if width == 0:
        return []
    if width == 1:
        return ["score"]
    classes = sorted({_cell(value) for value in truth}, key=_by_number)
    names = classes if len(classes) == width else [str(index) for index in range(width)]
    return ["score_" + name for name in names]


def _by_number(name: str) -> Any:
    try:
        return (0, float(name), name)
    except ValueError:
        return (1, 0.0, name)
