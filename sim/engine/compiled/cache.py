"""Where machine code is kept, of the compiled engine and of measuring, so that only a first run compiles.

The folders are ours, in the user's cache directory, and named by the version, Python, Numba and the text of all rules:
Numba's own cache knows of a function's file, but not of the files of those it calls, and compiles again what is
installed in another place. Of several processes that need the same code at once, one compiles it and the others wait.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final, Generic, ParamSpec, TypeVar

import numba
from numba.core import caching

from sim.demand import hand
from sim.engine import rules, tables
from sim.engine.compiled.rule import NJIT, OPTIONS
from sim.engine.compiled.together import together

_FunctionCache: Any = caching.FunctionCache
_FunctionFiles: Any = caching.CompileResultCacheImpl
_typeof: Any = numba.typeof
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
    for source in (*ours, Path(rules.__file__), Path(tables.__file__), Path(hand.__file__), *sorted(sources)):
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


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other process is in here; one that dies is out. Where files cannot be locked, nobody waits."""
    try:
        file = path.open("ab")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            _lock(file)
        yield


def _lock(file: IO[bytes]) -> None:
    """Lock an open file; closing it lets go."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (there is none elsewhere)

        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # after ten seconds
                continue
            return
    import fcntl  # noqa: PLC0415  (there is none on Windows)

    fcntl.flock(file, fcntl.LOCK_EX)


class Kept(Generic[P, R]):
    """A function that is compiled, with all that it calls, when first called, or found where it was left."""

    def __init__(self, function: Callable[P, R], place: Path | None = None) -> None:
        self._function: Any = NJIT(**OPTIONS)(function)
        self.compiles = False
        """Whether the first call will compile."""
        self.remark: str | None = None
        """What keeps the machine code from being kept, as a sentence."""
        self._ready = self._function is function
        """Whether there is nothing to be compiled: also where the interpreter runs the rules."""
        self._lock: Path | None = None
        if self._ready:
            return
        place = place or folder()
        cache = _Cache(function, place)
        self.compiles = not any(place.glob(f"{cache.name}.*nbi"))
        trouble = obstacle(place) if self.compiles else None
        if trouble is not None:
            self.remark = _not_kept(place, trouble, "every run compiles it again, for a minute or two")
            return
        self._lock = place / f"{cache.name}.lock"
        self._function._cache = cache

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Call the function."""
        if not self._ready:
            self._make_ready(arguments)
        result: R = self._function(*arguments, **named)
        return result

    def _make_ready(self, arguments: tuple[Any, ...]) -> None:
        """Find the machine code for arguments like these, or compile it, or wait until another process has."""
        kinds = tuple(_typeof(argument) for argument in arguments)
        waits = one_at_a_time(self._lock) if self.compiles and self._lock else nullcontext()
        with waits, together():
            self._function.compile(kinds)
        self.compiles, self._ready = False, True


def _not_kept(place: Path, trouble: str, so: str) -> str:
    return (
        f"the compiled engine cannot be kept in {place} ({trouble}), so {so}; name a folder that can be written in "
        f"{ENVIRONMENT}"
    )


class _Cache(_FunctionCache):  # type: ignore[misc]  # Numba's
    """Keeps the machine code of a function in a folder that is named by all it depends on."""

    def __init__(self, function: Callable[..., Any], place: Path) -> None:
        self._impl_class = lambda function: _Files(function, place)
        super().__init__(function)
        self._place = place
        self.name: str = self._impl.filename_base

    def load_overload(self, kinds: Any, target: Any) -> Any:
        """Find what was kept for arguments of these kinds.

        Numba would load all that it knows of types first, which takes longer and is for who compiles. Files that are
        damaged are forgotten.
        """
        try:
            return self._load_overload(kinds, target)
        except Exception:  # there is no end to what damaged files raise when they are read
            try:
                self.flush()
            except OSError:
                self.disable()
            return None

    def save_overload(self, kinds: Any, data: Any) -> None:
        """Keep what was compiled; say so if that cannot be done, of which the run is none the worse."""
        try:
            self._save_overload(kinds, data)
        except OSError as error:
            so = "the next run compiles it again"
            warnings.warn(_not_kept(self._place, error.strerror or str(error), so), RuntimeWarning, stacklevel=2)


class _Files(_FunctionFiles):  # type: ignore[misc]  # Numba's
    """Knows the files of a function."""

    def __init__(self, function: Callable[..., Any], place: Path) -> None:
        self._lineno = function.__code__.co_firstlineno
        self._locator = _Locator(function, place)
        name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
        self._filename_base = self.get_filename_base(name, sys.abiflags if hasattr(sys, "abiflags") else "")


class _Locator:
    """Knows the folder of a function: wherever its source is, and whenever that was written."""

    def __init__(self, function: Callable[..., Any], place: Path) -> None:
        self._py_file = function.__code__.co_filename
        self._place, self._line = place, function.__code__.co_firstlineno

    def ensure_cache_path(self) -> None:
        """Make the folder once more, should it have been removed."""
        self._place.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        """Give the folder."""
        return str(self._place)

    def get_source_stamp(self) -> str:
        """Say of which source what is kept is: the name of the folder tells."""
        return ""

    def get_disambiguator(self) -> str:
        """Tell functions of one name apart."""
        return str(self._line)
