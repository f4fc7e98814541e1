"""One run: an execution of training code, written down as it goes."""

import atexit
import binascii
import os
import socket
import sys
import time
import traceback
from types import TracebackType
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Type, Union

from . import _environment, _predictions
from ._code import record_code
from ._copying import copy_file
from ._entries import entry_text
from ._journal import Journal
from ._place import Place, find_place, is_disabled, is_rank_zero
from ._quiet import quiet, warn
from ._values import escaped, flat_numbers, namespace, number_text, plain

PathLike = Union[str, "os.PathLike[str]"]
Primary = Tuple[str, str]

_active: Optional["Run"] = None


class Run:
    """What `init` gives. Every method may be called at any time and none of them raises."""

    def __init__(self, place: Optional[Place], directory: Optional[str], journal: Optional[Journal]):
        self._place = place
        self._directory = directory
        self._journal = journal
        self._names: Dict[str, str] = {}
        self._latest: Dict[str, str] = {}
        self._step = -1
        self._numbers = {"commit": 0, "predictions": 0}
        self._ended = journal is None
        # Wall time of the beginning and a clock that never goes backwards.
        self._began = time.time() * 1000.0
        self._clock = time.monotonic()

    @property
    def id(self) -> Optional[str]:
        """The run's name in the history; `None` where nothing is recorded."""
        return None if self._directory is None else os.path.basename(self._directory)

    @property
    def directory(self) -> Optional[str]:
        """Where this run's journal lies."""
        return self._directory

    def _now(self) -> float:
        """Milliseconds since the epoch; two entries of one process never have the same order turned."""
        return round(self._began + (time.monotonic() - self._clock) * 1000.0, 3)

    def _append(self, entry: Mapping[str, Any]) -> None:
        if self._journal is not None:
            self._journal.append(entry_text({**entry, "at": self._now()}))

    @quiet()
    def log(
        self,
        values: Mapping[str, Any],
        step: Optional[float] = None,
        *,
        epoch: Optional[float] = None,
    ) -> None:
        """Record values of metrics at a step or an epoch; without either the next step.

        Numbers of any library do; nested mappings are joined with `/`. A value that is no number is
        left out and said once.
        """
        journal = self._journal
        if journal is None or self._ended:
            return
        parts = []
        names = self._names
        for name, value in flat_numbers(values):
            text = number_text(value)
            if text is None:
                warn("%r is no number and was not logged" % name, once_for="value " + name)
                continue
            key = names.get(name)
            if key is None:
                key = names[name] = escaped(name) + ":"
            self._latest[name] = text
            parts.append(key + text)
        if not parts:
            return
        journal.append(
            '{"kind":"log","at":%.3f,%s,"values":{%s}}' % (self._now(), self._place_of(step, epoch), ",".join(parts))
        )

    def _place_of(self, step: Optional[float], epoch: Optional[float]) -> str:
        if step is None and epoch is not None:
            text = number_text(epoch)
            return '"epoch":%s' % (text if text is not None and text[0] != '"' else "0")
        text = None if step is None else number_text(step)
        if text is None or text[0] == '"':
            self._step += 1
            return '"step":%d' % self._step
        self._step = max(self._step, int(float(text)))
        return '"step":%s' % text

    @quiet()
    def log_parameters(self, params: Any) -> None:
        """Record parameters that became known later; those of the same name are replaced."""
        if self._ended:
            return
        self._append({"kind": "parameters", "values": namespace(params)})

    @quiet()
    def log_predictions(
        self,
        y_true: Iterable[Any],
        y_pred: Iterable[Any],
        scores: Optional[Iterable[Any]] = None,
        split: str = "val",
    ) -> None:
        """Record predictions; accuracy, F1, AUC or regression metrics are computed from them.

        `scores`: a score a row (of the positive class), or a row of scores with one for each class.
        """
        if self._directory is None or self._ended:
            return
        self._numbers["predictions"] += 1
        name = "predictions/%d.csv" % self._numbers["predictions"]
        rows = _predictions.write(os.path.join(self._directory, name), y_true, y_pred, scores)
        self._append({"kind": "predictions", "split": str(split), "path": name, "rows": rows})

    @quiet()
    def log_dataset(
        self,
        path: PathLike,
        source: Optional[str] = None,
        preprocessing: Optional[str] = None,
        name: Optional[str] = None,
    ) -> None:
        """Record which data the run is made with; it is digested when a version is made."""
        if self._place is None or self._ended:
            return
        entry = {"kind": "dataset", "path": self._relative(path) or os.path.abspath(os.fspath(path))}
        for key, value in (("source", source), ("preprocessing", preprocessing), ("name", name)):
            if value is not None:
                entry[key] = str(value)
        self._append(entry)

    @quiet()
    def commit(
        self,
        files: Union[PathLike, Sequence[PathLike]],
        message: str = "",
        *,
        label: Optional[str] = None,
        primary: Optional[Primary] = None,
        update: bool = False,
    ) -> None:
        """Ask for a version with these files (or folders) as they are now.

        They are copied, so that later training cannot change them; the version is made by the
        extension or by the next call of the `cairn` command, with the code as it was when the run
        started and the metrics as they are now.
        """
        if self._directory is None or self._ended:
            return
        named = [files] if isinstance(files, (str, bytes)) or hasattr(files, "__fspath__") else files
        entry = self._commit_entry([os.fspath(name) for name in named], message)
        entry.update({"label": label, "update": bool(update)})
        if primary is not None:
            metric, better = primary
            entry["primary"] = {"metric": str(metric), "better": str(better)}
        self._append(entry)
        self._flush()

    def _commit_entry(self, names: Sequence[str], message: str) -> Dict[str, Any]:
        number = self._next_number()
        kept: List[Dict[str, Any]] = []
        for path in _files_of(names):
            relative = self._relative(path)
            if relative is None:
                relative = os.path.basename(path)
                warn("%s lies outside of the project; it is kept as %s" % (path, relative))
            copy = "files/%d/%s" % (number, relative)
            size = copy_file(path, os.path.join(str(self._directory), copy))
            kept.append({"path": relative, "copy": copy, "size": size})
        return {"kind": "commit", "number": number, "message": str(message), "files": kept}

    def _next_number(self) -> int:
        """One that nobody used: several processes may write into the run of one command."""
        number = self._numbers["commit"] + 1
        while os.path.exists(os.path.join(str(self._directory), "files", str(number))):
            number += 1
        self._numbers["commit"] = number
        return number

    def _relative(self, path: PathLike) -> Optional[str]:
        """With forward slashes, from the project's top; `None` outside of it."""
        assert self._place is not None
        root = os.path.realpath(self._place.root)
        # As it was named first: a link inside of the project may lead to another disk.
        for absolute in (os.path.abspath(os.fspath(path)), os.path.realpath(os.fspath(path))):
            relative = os.path.relpath(absolute, root)
            outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
            if not outside and not os.path.isabs(relative):
                return relative.replace(os.sep, "/")
        return None

    def _flush(self) -> None:
        if self._journal is not None:
            self._journal.flush(2.0)

    @quiet()
    def finish(self, error: Optional[BaseException] = None) -> None:
        """End the run: finished, or failed with an exception. What comes after is not recorded."""
        global _active
        if self._ended:
            return
        entry: Dict[str, Any] = {"kind": "end", "state": "finished"}
        if error is not None:
            entry = {"kind": "end", "state": _state_of(error), "error": _described(error)}
        self._append(entry)
        self._ended = True
        if self._journal is not None:
            self._journal.close()
        if _active is self:
            _active = None

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        well = isinstance(error, SystemExit) and error.code in (None, 0)
        self.finish(None if well else error)


def _state_of(error: BaseException) -> str:
    return "stopped" if isinstance(error, KeyboardInterrupt) else "failed"


def _described(error: BaseException) -> Dict[str, str]:
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {"type": type(error).__name__, "message": str(error)[:2_000], "trace": trace[-20_000:]}


def _files_of(names: Sequence[str]) -> List[str]:
    """The files named, and all files of the folders named."""
    found: List[str] = []
    for name in names:
        if not os.path.isdir(name):
            found.append(name)
            continue
        for directory, _, files in sorted(os.walk(name)):
            found.extend(os.path.join(directory, file) for file in sorted(files))
    return found


def active_run() -> Optional[Run]:
    """The run of this process that has not ended; `None` without one."""
    return _active


def init(
    model: Optional[str] = None,
    params: Any = None,
    *,
    name: Optional[str] = None,
    tags: Optional[Mapping[str, Any]] = None,
) -> Run:
    """Begin a run of a model; the one that this process began before ends.

    Gives a run that records nothing where there is no project, where `CAIRN_DISABLED` is set, and in
    every process of a distributed training but the first.
    """
    global _active
    if _active is not None:
        _active.finish()
    run = _begin(model, params, name, tags) or Run(None, None, None)
    _active = run
    return run


@quiet()
def _begin(
    model: Optional[str], params: Any, name: Optional[str], tags: Optional[Mapping[str, Any]]
) -> Optional[Run]:
    if is_disabled(os.environ) or not is_rank_zero(os.environ):
        return None
    start = os.environ.get("CAIRN_PROJECT") or os.getcwd()
    place = find_place(start)
    if place is None:
        warn("%s lies in no Git repository; nothing is recorded" % start)
        return None
    directory, joined = _run_directory(place)
    run = Run(place, directory, Journal(os.path.join(directory, "journal.jsonl")))
    entry = _start_entry(place, directory)
    entry.update({"model": model, "name": name, "parameters": namespace(params)})
    if tags:
        entry["tags"] = plain(tags)
    run._append(entry)
    if not joined:
        run._append(record_code(place, directory))
    run._flush()
    _watch_the_end()
    return run


def _run_directory(place: Place) -> Tuple[str, bool]:
    """A new one, or the one of `cairn run`, which began the run before this process."""
    given = os.environ.pop("CAIRN_RUN", "")
    if given and os.path.isdir(os.path.join(place.inbox, given)):
        return os.path.join(place.inbox, given), True
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    token = binascii.hexlify(os.urandom(4)).decode("ascii")
    directory = os.path.join(place.inbox, "%s-%s" % (moment, token))
    os.makedirs(directory)
    return directory, False


def _start_entry(place: Place, directory: str) -> Dict[str, Any]:
    return {
        "kind": "start",
        "format": 1,
        "run": os.path.basename(directory),
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "root": place.root,
        "directory": os.getcwd(),
        "argv": [str(word) for word in sys.argv],
        "environment": _environment.describe(),
        "tool": "cairn-python",
    }


_watching = False


def _watch_the_end() -> None:
    """At the process's end the run is finished; an exception that nobody caught makes it failed."""
    global _watching
    if _watching:
        return
    _watching = True
    before = sys.excepthook

    def hook(
        kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]
    ) -> None:
        if _active is not None:
            _active.finish(error)
        before(kind, error, trace)

    sys.excepthook = hook
    atexit.register(lambda: _active.finish() if _active is not None else None)
