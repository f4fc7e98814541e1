"""Where the project is: found by reading `.git`, without starting Git."""

import os
from typing import Mapping, NamedTuple, Optional


class Place(NamedTuple):
    """A worktree and the directory that all worktrees of its repository share."""

    root: str
    git_directory: str
    common_directory: str

    @property
    def inbox(self) -> str:
        return os.path.join(self.common_directory, "cairn", "inbox")


def find_place(start: str) -> Optional[Place]:
    """Look upwards from a directory for `.git`: a directory, or in a linked worktree or submodule
    a file that names one (gitrepository-layout(5))."""
    directory = os.path.realpath(start)
    while True:
        place = _place_at(directory)
        if place is not None:
            return place
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def _place_at(root: str) -> Optional[Place]:
    marker = os.path.join(root, ".git")
    if os.path.isdir(marker):
        git_directory = marker
    elif os.path.isfile(marker):
        text = _first_line(marker)
        if not text.startswith("gitdir:"):
            return None
        git_directory = os.path.join(root, text[len("gitdir:") :].strip())
    else:
        return None
    git_directory = os.path.realpath(git_directory)
    if not os.path.isfile(os.path.join(git_directory, "HEAD")):
        return None
    return Place(root, git_directory, _common_directory(git_directory))


def _common_directory(git_directory: str) -> str:
    """A linked worktree names the shared directory in `commondir`; a submodule has its own."""
    pointer = os.path.join(git_directory, "commondir")
    if not os.path.isfile(pointer):
        return git_directory
    return os.path.realpath(os.path.join(git_directory, _first_line(pointer)))


def _first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.readline().strip()


def is_disabled(environment: Mapping[str, str]) -> bool:
    """`CAIRN_DISABLED` switches everything off, unless it says no."""
    return environment.get("CAIRN_DISABLED", "").strip().lower() not in ("", "0", "false", "no")


def is_rank_zero(environment: Mapping[str, str]) -> bool:
    """Whether this process is the one that writes: the first of those that train together.

    Launchers say so: torchrun and Accelerate (RANK), Open MPI, MPICH, Slurm (where it started more
    than one task), and LOCAL_RANK alone.
    """
    names = ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK"]
    if environment.get("SLURM_NTASKS", "1") != "1":
        names.append("SLURM_PROCID")
    names.append("LOCAL_RANK")
    for name in names:
        rank = environment.get(name, "")
        if rank.isdigit():
            return int(rank) == 0
    return True
