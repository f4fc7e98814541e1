"""XGBoost: `xgb.train(…, callbacks=[CairnCallback()])`, with `from cairn.xgboost import …`."""

from typing import Any, Dict, Optional

from xgboost.callback import TrainingCallback

from ._quiet import quiet
from ._run import Run, active_run, init


class CairnCallback(TrainingCallback):  # type: ignore[misc]
    """Logs the evaluation metrics of each boosting round."""

    def __init__(
        self, model: Optional[str] = None, run: Optional[Run] = None, params: Any = None
    ) -> None:
        super().__init__()
        self._model, self._run, self._params = model, run, params
        self._own = False

    def before_training(self, model: Any) -> Any:
        self._begin()
        return model

    @quiet()
    def _begin(self) -> None:
        if self._run is None:
            self._run = active_run() if self._model is None else None
        if self._run is None:
            self._run, self._own = init(self._model), True
        if self._params:
            self._run.log_parameters(self._params)

    def after_iteration(self, model: Any, epoch: int, evals_log: Dict[str, Any]) -> bool:
        self._log(epoch, evals_log)
        return False

    @quiet()
    def _log(self, epoch: int, evals_log: Dict[str, Any]) -> None:
        values = {}
        for data, metrics in evals_log.items():
            for metric, history in metrics.items():
                last = history[-1]
                values["%s_%s" % (data, metric)] = last[0] if isinstance(last, tuple) else last
        if self._run is not None and values:
            self._run.log(values, step=epoch)

    def after_training(self, model: Any) -> Any:
        if self._run is not None and self._own:
            self._run.finish()
            self._run, self._own = None, False
        return model
