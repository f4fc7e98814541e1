"""What a run is made with: Python, packages, platform, accelerators. Nothing is imported for it."""

import glob
import os
import platform
import re
import sys
from typing import Any, Dict, List

_INSTALLED = re.compile(r"^([A-Za-z0-9][\w.]*)-(\d[^-]*)(?:-py\d[\w.]*)?\.(?:dist|egg)-info$")
_MOST_PACKAGES = 3_000


def describe() -> Dict[str, Any]:
    """A JSON-safe description; what cannot be found out is left out."""
    found = {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": _platform(),
        "packages": _packages(),
    }
    accelerators = _accelerators()
    if accelerators:
        found["accelerators"] = accelerators
    return found


def _platform() -> str:
    """`linux-x64`, `darwin-arm64`, `win32-x64`: as the rest of Cairn writes it."""
    system = {"linux": "linux", "darwin": "darwin", "win32": "win32"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    names = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    return "%s-%s" % (system, names.get(machine, machine))


def _packages() -> Dict[str, str]:
    """By the names of `dist-info` directories on the search path; the first of a name counts."""
    packages: Dict[str, str] = {}
    for directory in sys.path:
        try:
            names = os.listdir(directory or ".")
        except OSError:  # zip files, and directories that are not there
            continue
        for name in names:
            match = _INSTALLED.match(name)
            if match is not None and len(packages) < _MOST_PACKAGES:
                packages.setdefault(re.sub(r"[-_.]+", "-", match.group(1)).lower(), match.group(2))
    return dict(sorted(packages.items()))


def _accelerators() -> List[str]:
    """Names of graphics processors by what the kernel tells; no driver is woken for it."""
    names = []
    for path in sorted(glob.glob("/proc/driver/nvidia/gpus/*/information")):
        with open(path, encoding="utf-8", errors="replace") as file:
            match = re.search(r"^Model:\s*(.+)$", file.read(), re.MULTILINE)
        if match is not None:
            names.append(match.group(1).strip())
    if sys.platform == "darwin" and platform.machine() == "arm64":
        names.append("Apple Silicon")
    return names
