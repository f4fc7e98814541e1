"""A version in one call, for scripts that have everything on disk."""

import json
import os
import shutil
import subprocess
from typing import Any, Dict, List, Optional

from . import _run
from ._copying import copy_file
from ._place import find_place, is_disabled, is_rank_zero
from ._quiet import quiet, warn
from ._values import namespace

PATIENCE = 3_600
_LARGEST_HISTORY = 128 * 1024 * 1024


@quiet()
def create_version(
    label: str,
    model_path: "_run.PathLike",
    history_path: "Optional[_run.PathLike]" = None,
    *,
    model: Optional[str] = None,
    message: Optional[str] = None,
    params: Any = None,
    metrics: Any = None,
    update: bool = False,
) -> Optional[str]:
    """Make a version under a label; return its reference (`digits@v3`), or the run's name where the
    version is made later; `None` when it was refused, which is said.

    Through the `cairn` command at once where there is one, else through the inbox. A label that is
    taken is refused unless `update` is true. A `history_path` that is no history (the model file,
    say) is left out with a warning.
    """
    if is_disabled(os.environ) or not is_rank_zero(os.environ):
        return None
    request: Dict[str, Any] = {
        "label": str(label),
        "file": os.fspath(model_path),
        "history": _history(history_path, os.fspath(model_path)),
        "model": model,
        "message": message or str(label),
        "params": namespace(params),
        "metrics": namespace(metrics),
        "update": bool(update),
    }
    if not os.path.exists(request["file"]):
        warn("%s is not there; no version was made" % request["file"])
        return None
    command = shutil.which("cairn")
    made = None if command is None else _through_command(command, request)
    return _through_inbox(request) if made is None else (made or None)


def _history(path: "Optional[_run.PathLike]", model_path: str) -> Optional[str]:
    if path is None:
        return None
    name = os.fspath(path)
    why = _why_no_history(name, model_path)
    if why is None:
        return name
    warn("%s is no training history (%s); the version is made without it" % (name, why))
    return None


def _why_no_history(path: str, model_path: str) -> Optional[str]:
    """What speaks against a file's being a history: JSON of lists, or a table."""
    if not os.path.isfile(path):
        return "there is no such file"
    if os.path.exists(model_path) and os.path.samefile(path, model_path):
        return "it is the model file"
    if os.path.getsize(path) > _LARGEST_HISTORY:
        return "it is too large"
    with open(path, "rb") as file:
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "it is no text"
    return _why_no_log(text)


def _why_no_log(text: str) -> Optional[str]:
    if "\0" in text:
        return "it is no text"
    if text.lstrip()[:1] in ("{", "["):
        try:
            found = json.loads(text)
        except ValueError:
            # JSON Lines is a log as well; what is broken will be told of by whoever reads it.
            return None if text.lstrip().count("\n") > 0 else "it cannot be read"
        return None if found else "it is empty"
    first = text.strip().split("\n", 1)[0]
    return None if any(mark in first for mark in ",;\t") else "it is neither JSON nor a table"


def _through_command(command: str, request: Dict[str, Any]) -> Optional[str]:
    """The reference; empty when it was refused; `None` when the command is none of ours."""
    words: List[str] = [command, "commit"]
    words += [request["model"]] if request["model"] else []
    words += ["--json", "--label", request["label"], "-m", request["message"]]
    words += ["--file", os.path.abspath(request["file"])]
    words += ["--curves-file", os.path.abspath(request["history"])] if request["history"] else []
    for option, values in (("--param", request["params"]), ("--metric", request["metrics"])):
        for key, value in values.items():
            words += [option, "%s=%s" % (key, value if isinstance(value, str) else json.dumps(value))]
    words += ["--update"] if request["update"] else []
    start = os.environ.get("CAIRN_PROJECT")
    words += ["--project", start] if start else []
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE
    )
    if done.returncode == 0:
        return _reference(done.stdout)
    return _refused(done.stderr)


def _reference(output: bytes) -> Optional[str]:
    try:
        version = json.loads(output.decode("utf-8"))["version"]
        return "%s@v%d" % (version["model"], version["number"])
    except (ValueError, KeyError, TypeError):
        return None


def _refused(output: bytes) -> Optional[str]:
    try:
        error = json.loads(output.decode("utf-8").strip().split("\n")[-1])["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return None
    # What another process or the project's state keeps from being done now is done later.
    if code in ("not-a-project", "lock-held", "runtime-too-old", "bug"):
        return None
    hint = str(error.get("hint") or "")
    warn("no version was made: %s %s" % (message, hint if code != "label-taken" else "Or: update=True."))
    return ""


def _through_inbox(request: Dict[str, Any]) -> Optional[str]:
    place = find_place(os.environ.get("CAIRN_PROJECT") or os.getcwd())
    if place is None:
        warn("this directory lies in no Git repository; no version was made")
        return None
    before = _run.active_run()
    run = _run._begin(request["model"], request["params"], None, None)
    if run is None or run.directory is None:
        return None
    entry = run._commit_entry([request["file"]], request["message"])
    entry.update({"label": request["label"], "update": request["update"]})
    entry["metrics"] = request["metrics"]
    if request["history"] is not None:
        name = "history/" + os.path.basename(request["history"])
        copy_file(request["history"], os.path.join(run.directory, name))
        entry["history"] = name
    run._append(entry)
    run.finish()
    _run._active = before
    return run.id
