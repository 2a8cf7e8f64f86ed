"""Where machine code is kept, of the compiled engine and of measuring, so that only a first run compiles.

The folders are ours, in the user's cache directory, and named by the version, Python, Numba and the text of all rules:
Numba's own cache knows of a function's file, but not of the files of those it calls.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Generic, ParamSpec, TypeVar

import numba

from sim.demand import hand
from sim.engine import rules
from sim.engine.compiled.rule import NJIT, OPTIONS

P = ParamSpec("P")
R = TypeVar("R")

ENVIRONMENT: Final = "MADOGUCHI_CACHE"
"""Names the folder instead of the user's cache directory."""


def cache_directory() -> Path:
    """Give the folder of everything that may be thrown away, by the customs of the system."""
    if os.environ.get(ENVIRONMENT):
        return Path(os.environ[ENVIRONMENT])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "madoguchi" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "madoguchi"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "madoguchi"


def folder(part: str = "engine", sources: Iterable[Path] = ()) -> Path:
    """Give the folder of the machine code of a part: of this very engine, or of what is written in further sources."""
    digest = sha256()
    ours = sorted(Path(__file__).parent.glob("*.py"))
    for source in (*ours, Path(rules.__file__), Path(hand.__file__), *sorted(sources)):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    parts = (part, version("madoguchi"), platform.python_version(), numba.__version__, digest.hexdigest()[:16])
    return cache_directory() / "-".join(parts)


def obstacle(place: Path) -> str | None:
    """Make the folder and say what keeps it from being written; None if nothing does."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return None
    except OSError as error:
        return f"{error.strerror or error}"


class Kept(Generic[P, R]):
    """A function that is compiled, with all that it calls, when first called, or found where it was left."""

    def __init__(self, function: Callable[P, R], place: Path | None = None) -> None:
        self._function: Any = NJIT(**OPTIONS)(function)
        self.compiles = False
        """Whether the first call will compile."""
        self.remark: str | None = None
        """What keeps the machine code from being kept, as a sentence."""
        if self._function is function:  # the interpreter runs the rules
            return
        place = place or folder()
        trouble = obstacle(place)
        if trouble is not None:
            self.compiles = True
            self.remark = (
                f"the compiled engine cannot be kept in {place} ({trouble}), so every run compiles it again, for up to "
                f"a minute; name a folder that can be written in {ENVIRONMENT}"
            )
            return
        self.compiles = not any(place.rglob("*.nbi"))
        settings: Any = numba.config
        before, settings.CACHE_DIR = settings.CACHE_DIR, str(place)
        try:
            self._function.enable_caching()
        finally:
            settings.CACHE_DIR = before

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Call the function."""
        result: R = self._function(*arguments, **named)
        self.compiles = False
        return result
