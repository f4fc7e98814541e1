"""Lightning: `Trainer(logger=cairn.lightning.CairnLogger("digits"))`, with `import cairn.lightning`."""

from argparse import Namespace
from typing import Any, Dict, Optional, Union

try:
    from lightning.pytorch.loggers.logger import Logger, rank_zero_experiment
    from lightning.pytorch.utilities import rank_zero_only
except ImportError:  # the older distribution's name
    from pytorch_lightning.loggers.logger import Logger, rank_zero_experiment
    from pytorch_lightning.utilities import rank_zero_only

from ._quiet import quiet
from ._run import Run, active_run, init
from ._values import namespace


class CairnLogger(Logger):  # type: ignore[misc]
    """Lightning's interface of loggers, onto a run; begins one at the first need."""

    def __init__(self, model: Optional[str] = None, run: Optional[Run] = None) -> None:
        super().__init__()
        self._model = model
        self._run = run

    @property
    def name(self) -> str:
        return self._model or "cairn"

    @property
    def version(self) -> Union[int, str]:
        return (self._run.id if self._run is not None else None) or "0"

    @property
    @rank_zero_experiment
    def experiment(self) -> Run:
        """The run."""
        if self._run is None:
            self._run = (active_run() if self._model is None else None) or init(self._model)
        return self._run

    @rank_zero_only
    @quiet()
    def log_hyperparams(
        self, params: Union[Dict[str, Any], Namespace], *_: Any, **__: Any
    ) -> None:
        self.experiment.log_parameters(namespace(params))

    @rank_zero_only
    @quiet()
    def log_metrics(self, metrics: Dict[str, float], step: Optional[int] = None) -> None:
        values = {name: value for name, value in metrics.items() if name != "epoch"}
        self.experiment.log(values, step=step)

    @rank_zero_only
    @quiet()
    def finalize(self, status: str) -> None:
        # Lightning says `success` or `failed`; the exception itself reaches the process's hook.
        if status == "success" and self._run is not None and self._model is not None:
            self._run.finish()
