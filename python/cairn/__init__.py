"""Training code talks to Cairn: runs, metrics, predictions and versions.

Standard library only. Nothing here raises into training: what goes wrong is said once on standard
error, and training goes on. Nothing waits for a lock. What is logged reaches the operating system
within a second, so it survives the death of the process.

    import cairn
    run = cairn.init("digits", params=dict(lr=1e-3, layers=[64, 32]))
    run.log({"loss": 0.31, "val_accuracy": 0.94}, step=12)
    run.commit("models/digits.safetensors", message="wider", primary=("val_accuracy", "higher"))
"""

from ._autolog import autolog
from ._run import Run, active_run, init
from ._version import create_version

__all__ = ["Run", "active_run", "autolog", "create_version", "init"]
__version__ = "0.1.0"
