"""The choice between the engines. Both give the same Outcome to the last digit; one is some fifty times as fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sim.demand.hand import Hand
from sim.engine.outcome import Outcome
from sim.engine.program import Program

Name = Literal["compiled", "reference"]
NAMES: Final[tuple[str, ...]] = get_args(Name)


@dataclass(frozen=True)
class Engine:
    """What plays replications."""

    name: Name
    play: Callable[[Program, Hand], Outcome]
    remarks: tuple[str, ...] = ()
    """What whoever chose it should know, as sentences."""
    compiles: bool = False
    """Whether the first replication waits for it to be compiled."""


def engine(name: Name = "compiled") -> Engine:
    """Give the engine of a name; the reference engine, with a remark, where the compiled one cannot serve."""
    if name not in NAMES:
        raise ValueError(f"engine: got {name!r}, must be {' or '.join(NAMES)}")
    if name == "reference":
        return _reference()
    try:
        from sim.engine.compiled.known import unknown_columns  # noqa: PLC0415
        from sim.engine.compiled.play import advance, play  # noqa: PLC0415  (Numba is slow to import)
    except ImportError as error:
        return _reference(f"the reference engine plays, much slower: Numba cannot be imported ({error})")
    if unknown := unknown_columns():
        return _reference(
            f"the reference engine plays, much slower: the compiled one does not know {', '.join(unknown)}"
        )
    return Engine("compiled", play, (advance.remark,) if advance.remark else (), advance.compiles)


def _reference(*remarks: str) -> Engine:
    from sim.engine.reference import play  # noqa: PLC0415

    return Engine("reference", play, remarks)
