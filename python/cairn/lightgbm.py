"""LightGBM: `lgb.train(…, callbacks=[CairnCallback()])`, with `from cairn.lightgbm import …`."""

from typing import Any, Optional

from ._quiet import quiet
from ._run import Run, active_run, init


class CairnCallback:
    """Logs the evaluation results of each boosting round; LightGBM calls it with its environment."""

    order = 25
    before_iteration = False

    def __init__(self, model: Optional[str] = None, run: Optional[Run] = None) -> None:
        self._model = model
        self._run = run
        self._own = False

    @quiet()
    def __call__(self, environment: Any) -> None:
        if self._run is None:
            self._begin(environment)
        run = self._run
        results = environment.evaluation_result_list or []
        if run is None:
            return
        values = {"%s_%s" % (item[0], item[1]): item[2] for item in results}
        if values:
            run.log(values, step=environment.iteration)
        if self._own and environment.iteration + 1 >= environment.end_iteration:
            run.finish()
            self._run, self._own = None, False

    def _begin(self, environment: Any) -> None:
        self._run = active_run() if self._model is None else None
        if self._run is None:
            self._run, self._own = init(self._model), True
        plain = (bool, int, float, str)
        parameters = {k: v for k, v in (environment.params or {}).items() if isinstance(v, plain)}
        self._run.log_parameters(parameters)
