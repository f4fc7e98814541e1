"""scikit-learn: a context that records estimators' parameters and scores."""

import contextlib
from typing import Any, Dict, Iterator, Optional

from ._quiet import quiet
from ._run import Run, active_run, init


@contextlib.contextmanager
def record(estimator: Any, model: Optional[str] = None) -> Iterator["Recorder"]:
    """Begin a run (or use the active one) with the estimator's parameters.

    with cairn.sklearn.record(classifier, "digits") as recorder:
        classifier.fit(X, y)
        recorder.score(X_test, y_test, split="test")
    """
    present = active_run() if model is None else None
    run = present or init(model)
    run.log_parameters(parameters_of(estimator))
    try:
        yield Recorder(run, estimator)
    except BaseException as error:
        if present is None:
            run.finish(error)
        raise
    if present is None:
        run.finish()


class Recorder:
    """Records scores of one estimator into one run."""

    def __init__(self, run: Run, estimator: Any) -> None:
        self.run = run
        self._estimator = estimator

    @quiet()
    def score(self, X: Any, y: Any, split: str = "val") -> None:
        """Record `score` of the estimator and its predictions on these examples."""
        self.run.log({"%s_score" % split: self._estimator.score(X, y)})
        self.run.log_predictions(y, self._estimator.predict(X), self._scores(X), split=split)

    def _scores(self, X: Any) -> Any:
        probabilities = getattr(self._estimator, "predict_proba", None)
        if probabilities is None:
            return None
        found = probabilities(X)
        return found[:, 1] if getattr(found, "shape", (0, 0))[1] == 2 else found


@quiet({})
def parameters_of(estimator: Any) -> Dict[str, Any]:
    """Its parameters that are set to a plain value, with the class's name."""
    plain = (bool, int, float, str, type(None))
    found = {
        name.replace("__", "."): value
        for name, value in estimator.get_params(deep=True).items()
        if isinstance(value, plain) or (isinstance(value, (list, tuple)) and len(value) < 50)
    }
    return {"estimator": type(estimator).__name__, **found}
