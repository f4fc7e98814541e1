"""Keras: `model.fit(…, callbacks=[cairn.keras.CairnCallback()])`, with `import cairn.keras`."""

from typing import Any, Dict, Optional

import keras  # the library of the same name: absolute imports find it, not this file

from ._quiet import quiet
from ._run import Run, active_run, init


class CairnCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs what `fit` measures after each epoch, and the optimizer's settings once.

    With a `model` or without an active run it begins one, and ends it with the training.
    """

    def __init__(self, model: Optional[str] = None, run: Optional[Run] = None) -> None:
        super().__init__()
        self._name = model
        self._run = run
        self._own = False

    @quiet()
    def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        if self._run is None:
            self._run = active_run() if self._name is None else None
        if self._run is None:
            self._run, self._own = init(self._name), True
        self._run.log_parameters(self._settings())

    def _settings(self) -> Dict[str, Any]:
        optimizer = getattr(self.model, "optimizer", None)
        settings: Dict[str, Any] = {"epochs": (self.params or {}).get("epochs")}
        if optimizer is not None:
            settings["optimizer"] = type(optimizer).__name__
            settings["learning_rate"] = getattr(optimizer, "learning_rate", None)
        return {key: value for key, value in settings.items() if value is not None}

    @quiet()
    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        if self._run is not None and logs:
            self._run.log(logs, epoch=epoch)

    @quiet()
    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        if self._run is not None and self._own:
            self._run.finish()
            self._run, self._own = None, False
