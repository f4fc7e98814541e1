"""The code as it is when a run starts: HEAD, what differs from it, and what Git does not track.

Git is asked without its optional locks, so a commit of the user's is never in the way, and within
`PATIENCE` seconds altogether. Limits are those of a version: what is larger is left out and named.
"""

import os
import shutil
import subprocess
import time
from typing import Any, Dict, List, Optional

from ._copying import copy_file
from ._place import Place

PATIENCE = 20.0
LARGE_FILE = 10_000_000
LARGE_DIRECTORY_FILES = 1_000
LARGE_DIRECTORY_BYTES = 50_000_000
LARGEST_PATCH = 50_000_000

_SETTINGS = [
    *("-c", "core.quotePath=false", "-c", "core.fsmonitor=", "-c", "core.safecrlf=false"),
    *("-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false"),
]
_SECRET_NAMES = (".env", ".netrc", ".pgpass", ".npmrc", ".pypirc", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")
_SECRET_ENDINGS = (".pem", ".key", ".p12", ".pfx", ".keystore", ".jks", ".kdbx", ".ppk")
_SECRET_WORDS = ("credential", "secret", "password", "service_account", "service-account")


def record_code(place: Place, directory: str) -> Dict[str, Any]:
    """Write `code/patch` and `code/files/…` into a run's directory; return the journal's entry."""
    return _Recording(place, os.path.join(directory, "code")).record()


class _Recording:
    def __init__(self, place: Place, into: str) -> None:
        self._place = place
        self._into = into
        self._deadline = time.monotonic() + PATIENCE
        self._left_out: List[Dict[str, Any]] = []

    def record(self) -> Dict[str, Any]:
        if shutil.which("git") is None:
            return {"kind": "code", "missing": "git"}
        try:
            return self._recorded()
        except (OSError, subprocess.SubprocessError) as error:
            return {"kind": "code", "missing": "failed", "why": str(error)[:500]}

    def _recorded(self) -> Dict[str, Any]:
        os.makedirs(self._into, exist_ok=True)
        head = self._git(["rev-parse", "--verify", "-q", "HEAD^{commit}"], fine=(0, 1)).decode().strip()
        branch = self._git(["symbolic-ref", "-q", "--short", "HEAD"], fine=(0, 1)).decode("utf-8", "replace")
        entry: Dict[str, Any] = {"kind": "code", "head": head or None, "branch": branch.strip() or None}
        entry["patch"] = self._patch() if head else False
        entry["files"] = self._untracked(tracked_too=not head)
        entry["left_out"] = self._left_out
        return entry

    def _git(self, command: List[str], fine: Any = (0,)) -> bytes:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment.update(GIT_OPTIONAL_LOCKS="0", LC_ALL="C", GIT_TERMINAL_PROMPT="0")
        done = subprocess.run(
            ["git", *_SETTINGS, *command],
            cwd=self._place.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=max(0.1, self._deadline - time.monotonic()),
        )
        if done.returncode not in fine:
            message = done.stderr.decode("utf-8", "replace").strip()
            raise OSError("git %s: %s" % (command[0], message))
        return done.stdout

    def _patch(self) -> bool:
        """The difference of tracked files from HEAD, large ones left out; whether there is any."""
        changed = _paths(self._git(["diff-index", "-z", "--name-only", "HEAD"]))
        large = [path for path in changed if self._is_large(path)]
        if len(large) == len(changed):
            return False
        excluded = [":(exclude,literal)" + path for path in large]
        options = ["--binary", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"]
        prefixes = ["--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=dirty"]
        patch = self._git(["diff", *options, *prefixes, "HEAD", "--", ".", *excluded])
        if len(patch) > LARGEST_PATCH:
            self._leave_out("", "large-patch", len(patch))
            return False
        if patch:
            with open(os.path.join(self._into, "patch"), "wb") as file:
                file.write(patch)
        return bool(patch)

    def _is_large(self, path: str) -> bool:
        try:
            size = os.lstat(os.path.join(self._place.root, path)).st_size
        except OSError:
            return False  # deleted: the patch says so
        if size > LARGE_FILE:
            self._leave_out(path, "large-file", size)
        return size > LARGE_FILE

    def _untracked(self, tracked_too: bool) -> List[Dict[str, Any]]:
        """Before the first commit everything is new, what is staged too."""
        which = ["--cached", "--others"] if tracked_too else ["--others"]
        listed = _paths(self._git(["ls-files", "-z", *which, "--exclude-standard"]))
        top: Dict[str, List[str]] = {}
        for path in sorted(set(listed)):
            top.setdefault(path.split("/", 1)[0] if "/" in path else "", []).append(path)
        taken: List[Dict[str, Any]] = []
        for directory, paths in top.items():
            if directory and self._is_large_directory(directory, paths):
                continue
            taken.extend(entry for entry in map(self._take, paths) if entry is not None)
        return taken

    def _is_large_directory(self, directory: str, paths: List[str]) -> bool:
        if os.path.exists(os.path.join(self._place.root, directory, "pyvenv.cfg")):
            self._leave_out(directory, "environment", 0)
            return True
        size = sum(self._size(path) for path in paths)
        if len(paths) <= LARGE_DIRECTORY_FILES and size <= LARGE_DIRECTORY_BYTES:
            return False
        self._leave_out(directory, "large-directory", size)
        return True

    def _size(self, path: str) -> int:
        try:
            return os.lstat(os.path.join(self._place.root, path)).st_size
        except OSError:
            return 0

    def _take(self, path: str) -> Optional[Dict[str, Any]]:
        source = os.path.join(self._place.root, path)
        if path.endswith("/"):
            self._leave_out(path, "nested-repository", 0)
            return None
        if looks_secret(path):
            self._leave_out(path, "secret", self._size(path))
            return None
        if os.path.islink(source) or not os.path.isfile(source):
            return None
        if self._is_large(path):
            return None
        copy_file(source, os.path.join(self._into, "files", path))
        return {"path": path, "executable": os.access(source, os.X_OK)}

    def _leave_out(self, path: str, why: str, size: int) -> None:
        self._left_out.append({"path": path, "why": why, "bytes": size})


def _paths(listed: bytes) -> List[str]:
    """NUL-separated names; those that are no UTF-8 could not be written down."""
    names = []
    for raw in listed.split(b"\0"):
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if name:
            names.append(name)
    return names


def looks_secret(path: str) -> bool:
    """By its name alone, as for a version: what is recorded is for ever, and may be pushed."""
    name = path.rsplit("/", 1)[-1].lower()
    if name in _SECRET_NAMES or name.startswith(".env.") or name.endswith(_SECRET_ENDINGS):
        return True
    is_code = name.endswith((".py", ".ipynb", ".md", ".sh", ".js", ".ts"))
    return not is_code and any(word in name for word in _SECRET_WORDS)
