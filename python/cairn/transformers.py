"""Hugging Face: `Trainer(…, callbacks=[CairnCallback()])`, with `from cairn.transformers import …`."""

from typing import Any, Dict, Optional

from transformers import TrainerCallback

from ._quiet import quiet
from ._run import Run, active_run, init


class CairnCallback(TrainerCallback):  # type: ignore[misc]
    """Logs what the `Trainer` logs, with its arguments as parameters; the first process only."""

    def __init__(self, model: Optional[str] = None, run: Optional[Run] = None) -> None:
        self._model = model
        self._run = run
        self._own = False

    @quiet()
    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if not getattr(state, "is_world_process_zero", True):
            return
        if self._run is None:
            self._run = active_run() if self._model is None else None
        if self._run is None:
            self._run, self._own = init(self._model), True
        self._run.log_parameters(_settings(args))

    @quiet()
    def on_log(
        self, args: Any, state: Any, control: Any, logs: Optional[Dict[str, Any]] = None, **_: Any
    ) -> None:
        if self._run is None or not logs:
            return
        values = {name: value for name, value in logs.items() if name != "epoch"}
        self._run.log(values, step=state.global_step)

    @quiet()
    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._run is not None and self._own:
            self._run.finish()
            self._run, self._own = None, False


def _settings(args: Any) -> Dict[str, Any]:
    """The training arguments that say something: plain values, no paths and no tokens."""
    found = args.to_sanitized_dict() if hasattr(args, "to_sanitized_dict") else vars(args)
    hidden = ("token", "_dir", "hub_", "report_to", "run_name")
    plain = (bool, int, float, str)
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, plain) and not any(word in name for word in hidden)
    }
