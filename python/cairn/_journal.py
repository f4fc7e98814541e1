"""An append-only file of JSON lines that a training process writes without ever waiting.

What must hold:
1. `append` only puts a line into memory; it takes no lock and does no more than a write to the
   operating system now and then.
2. Within `FLUSH_SECONDS` a line is the operating system's, also when nothing more is logged: a thread
   sees to it. So it survives the process.
3. A line is written whole or, on a disk that is full, begun and finished later; nothing else of this
   process comes between.
4. The file's modification time tells every `BEAT_SECONDS` that the process lives.
"""

import collections
import os
import threading
import time
from typing import Callable, Deque

from ._quiet import warn

FLUSH_SECONDS = 0.4
BEAT_SECONDS = 2.0
# What a full disk may keep waiting; beyond that new lines are dropped, and that is said.
LINES_KEPT = 500_000


class Journal:
    def __init__(self, path: str, write: Callable[[int, bytes], int] = os.write) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path, flags, 0o644)
        self._path = path
        self._write = write
        self._lines: Deque[str] = collections.deque()
        self._rest = b""
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._flushed = time.monotonic()
        self._beaten = self._flushed
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._attend, name="cairn-journal", daemon=True)
        self._thread.start()

    def append(self, line: str) -> None:
        """Take a line (without its end)."""
        if self._process != os.getpid():
            return  # a forked worker is not the training
        if len(self._lines) >= LINES_KEPT:
            warn("the disk takes nothing; what is logged now is lost", once_for="journal-lost")
            return
        self._lines.append(line)
        if time.monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush(0.0)

    def flush(self, patience: float) -> None:
        """Hand everything to the operating system; give up when another thread is at it."""
        if self._process != os.getpid():
            return
        if not self._writing.acquire(timeout=patience) if patience > 0 else not (
            self._writing.acquire(False)
        ):
            return
        try:
            self._flush_now()
        except OSError as error:
            warn("the journal cannot be written: %s" % error, once_for="journal-write")
        finally:
            self._flushed = time.monotonic()
            self._writing.release()

    def _flush_now(self) -> None:
        lines = self._lines
        taken = []
        while lines:
            taken.append(lines.popleft())
        if taken:
            text = "\n".join(taken) + "\n"
            self._rest += text.encode("utf-8", "surrogatepass")
        while self._rest:
            written = self._write(self._descriptor, self._rest)
            self._rest = self._rest[written:]
            self._beaten = time.monotonic()

    def _attend(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            if self._process != os.getpid():
                return
            if self._lines or self._rest:
                self.flush(0.0)
            elif time.monotonic() - self._beaten > BEAT_SECONDS:
                self._beat()

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        try:
            os.utime(self._path)
        except OSError as error:
            warn("the journal is gone: %s" % error, once_for="journal-gone")

    def close(self) -> None:
        """Write what is left and stop the thread."""
        if self._process != os.getpid():
            return
        self._stop.set()
        self.flush(5.0)
