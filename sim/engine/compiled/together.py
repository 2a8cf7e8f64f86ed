"""Have LLVM make machine code of a function and of all that it calls at once, which takes half the time.

Numba hands over each function as it is compiled: with all that it calls it is optimised and turned into machine code,
and again within each function that calls it. A rule is never called from elsewhere, so that its own code is made for
nothing. Here it is kept as it was lowered until the function that Python calls is done; then all are put together.
No more is asked of LLVM than Numba asks, so that floats come out the same.

This rests on parts of Numba that are not documented; where they look different, Numba goes its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from numba.core import codegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

_ENVIRONMENT: Final = "_ZN08NumbaEnv"
"""What the names of the variables begin with that lead from machine code to what Python knows of a function."""

_environment: Any
try:
    from numba.core.environment import lookup_environment as _environment
except ImportError:
    _environment = None
_Library: Any = codegen.JITCodeLibrary
_NEEDED: Final = (
    "_ensure_finalized",
    "_finalize_final_module",
    "_get_compiled_object",
    "_get_module_for_linking",
    "_optimize_final_module",
    "add_linking_library",
    "codegen",
    "finalize",
    "get_pointer_to_function",
    "serialize_using_object_code",
)
IS_AS_KNOWN: Final = (
    _environment is not None and hasattr(codegen, "ll") and all(hasattr(_Library, name) for name in _NEEDED)
)
"""Whether Numba's libraries of code have the parts that are made use of."""


@contextmanager
def together() -> Iterator[None]:
    """Let functions be put together with what they call, as long as this lasts. Nobody else compiles meanwhile."""
    with global_compiler_lock:
        maker: Any = cpu_target.target_context.codegen()
        if getattr(maker, "_library_class", None) is not _Library or not IS_AS_KNOWN:
            yield
            return
        maker._library_class = _Part
        try:
            yield
        finally:
            maker._library_class = _Library


class _Part(_Library):  # type: ignore[misc]  # Numba's
    """The code of a function: as it was lowered, until somebody asks for its address."""

    def add_linking_library(self, library: Any) -> None:
        """Remember another library whose code is called."""
        if not isinstance(library, _Part):
            library._ensure_finalized()
        self._linking_libraries.append(library)

    @property
    def codegen(self) -> Any:
        """What generates code; nothing, as long as there are no variables that it could set."""
        return self._codegen if self._finalized else _Nowhere()

    def get_pointer_to_function(self, name: str) -> int:
        """Give the address of a function; 0 if it is not there, as of what only compiled functions call."""
        if not self._finalized and not self._defines(name):
            return 0
        address: int = super().get_pointer_to_function(name)
        return address

    def finalize(self) -> None:
        """Link all that is called, directly or not, and make machine code."""
        called = self._called()
        for library in called:
            lowered = isinstance(library, _Part) and not library._finalized
            if hasattr(self, "_reload_init"):  # not in Numba 0.61
                self._reload_init.update(library._reload_init)
            module = library._lowered() if lowered else library._get_module_for_linking()
            self._final_module.link_in(module, preserve=not lowered)
        self._linking_libraries: list[Any] = []
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"  # who is called once is inlined, and arguments that nobody reads go
        super().finalize()
        for variable in self._final_module.global_variables:
            if variable.name.startswith(_ENVIRONMENT):
                environment = _environment(variable.name)
                if environment is not None:
                    self._codegen.set_env(variable.name, environment)

    def serialize_using_object_code(self) -> Any:
        """Give what is kept: machine code, and the names in it; not what it was made from, which is longer to read.

        That would be for others who link it, and nobody does.
        """
        self._ensure_finalized()
        names = [each.name for each in self._final_module.functions if not each.is_declaration]
        stand_ins = "\n".join(f'define void @"{name}"() {{ unreachable }}' for name in names)
        names_alone = codegen.ll.parse_assembly(stand_ins)  # type: ignore[attr-defined]  # Numba's LLVM
        return self.name, "object", (self._get_compiled_object(), names_alone.as_bitcode())

    def _defines(self, name: str) -> bool:
        return any(function.name == name and not function.is_declaration for function in self._final_module.functions)

    def _called(self) -> list[Any]:
        """Give the libraries that are called, directly or not, each once."""
        found: dict[Any, None] = {}
        ahead = list(self._linking_libraries)
        while ahead:
            library = ahead.pop()
            if library not in found:
                found[library] = None
                if isinstance(library, _Part) and not library._finalized:
                    ahead += library._linking_libraries
        return list(found)

    def _lowered(self) -> Any:
        """Give a copy of the code as it was lowered, to be linked into another."""
        module = self._final_module.clone()
        for function in module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"
        return module


class _Nowhere:
    """Stands for the generator of code that has no address yet."""

    def set_env(self, name: str, environment: object) -> None:
        """Leave a variable as it is: it is set once it has an address."""
