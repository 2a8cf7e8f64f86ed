"""How fast a scenario runs here: deal, play and measure, engine against engine, memory, and the start of a run."""

from __future__ import annotations

import pickle
import statistics
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.demand.hand import sole
from sim.engine.choice import Name, engine
from sim.engine.outcome import Outcome
from sim.engine.rules import MISSING
from sim.experiment.line import Line

if TYPE_CHECKING:
    import pandas as pd

    from sim.demand.hand import Hand
    from sim.scenario.schema import Scenario

STEPS: Final = ("deal", "play", "measure")
"""Of the line; to measure is to add up a replication and to keep what is kept of it."""

WHOLE: Final = "whole"
"""All of them together."""

FIRST_RUN: Final = """
import pickle, sys
from sim.experiment.replicate import run
run(pickle.load(sys.stdin.buffer), replications=1, engine=sys.argv[1]).figures("arrived")
"""
"""What a new process does until it has a first result, as a report reads it."""


@dataclass(frozen=True)
class Timing:
    """What a replication takes with one engine: medians over the rounds, in CPU seconds."""

    engine: Name
    seconds: dict[str, float]
    """By step."""
    start_seconds: float
    """From the start of a new process to the result of one replication, on the clock; the engine's cache is warm."""

    def of(self, step: str) -> float:
        """Give the CPU seconds of a step, or of the `whole` line."""
        return sum(self.seconds.values()) if step == WHOLE else self.seconds[step]


@dataclass(frozen=True)
class Bench:
    """What `bench` measured. Its `table` has a row for each engine and step."""

    scenario: str
    rounds: int
    """Replications, each played with every engine in turn; one before them to warm up."""
    inquiries: float
    """Of a replication, on average."""
    contacts: float
    events: float
    """Arrivals, ends, stays in stages, entries to and departures from queues, ends of talk, holding and wrap-up: the
    instants that the records of a replication hold."""
    bytes_at_rest: float
    """Of the Hand, by inquiry; NaN where nobody came."""
    bytes_at_peak: float
    """Of dealing, playing and measuring a replication, by inquiry; NaN where nobody came."""
    timings: tuple[Timing, ...]

    def table(self) -> pd.DataFrame:
        """Give engine, step, ms of CPU a replication, contacts and events a second of CPU, and times as fast.

        `times_as_fast` compares an engine's step, or its `whole` line, with the slowest engine's.
        """
        import pandas as pd  # noqa: PLC0415  (loading pandas takes longer than many runs)

        rows: list[dict[str, Any]] = []
        for timing in self.timings:
            for step in (*STEPS, WHOLE):
                seconds = timing.of(step)
                rows.append(
                    {
                        "engine": timing.engine,
                        "step": step,
                        "cpu_ms": seconds * 1000,
                        "contacts_per_second": self.contacts / seconds,
                        "events_per_second": self.events / seconds,
                        "times_as_fast": self.times_as_fast(timing, step),
                    }
                )
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Give all that was measured, for JSON: the rows of `table` are its `steps`; null where there is no figure."""
        at_rest, at_peak = (None if isnan(each) else each for each in (self.bytes_at_rest, self.bytes_at_peak))
        return {
            "scenario": self.scenario,
            "rounds": self.rounds,
            "inquiries": self.inquiries,
            "contacts": self.contacts,
            "events": self.events,
            "bytes_at_rest": at_rest,
            "bytes_at_peak": at_peak,
            "start_seconds": {timing.engine: timing.start_seconds for timing in self.timings},
            "steps": self.table().to_dict("records"),
        }

    def times_as_fast(self, timing: Timing, step: str) -> float:
        """Compare an engine's step with the slowest engine's."""
        return max(other.of(step) for other in self.timings) / timing.of(step)


def bench(
    scenario: Scenario,
    *,
    rounds: int = 5,
    seed: int = 1,
    engines: Sequence[Name] = ("compiled", "reference"),
    first_replication: int = 0,
) -> Bench:
    """Measure how fast a scenario runs on this machine.

    Parameters
    ----------
    scenario
        What to simulate.
    rounds
        Replications: each is dealt once, then played and measured with every engine in turn, so that whatever else the
        machine does meets all of them.
    seed
        Of all chance.
    engines
        Which to measure. Where the compiled engine cannot serve, that is warned of, and the reference engine is
        measured.
    first_replication
        Number of the one that warms up; the rounds follow.

    Raises
    ------
    ValueError
        If there is no such engine, or fewer than one round.
    """
    if rounds < 1:
        raise ValueError(f"rounds: got {rounds!r}, must be a whole number of at least 1")
    lines: dict[Name, Line] = {}
    for name in engines:
        playing = engine(name)
        for remark in playing.remarks:
            warnings.warn(remark, RuntimeWarning, stacklevel=2)
        if playing.name not in lines:
            lines[playing.name] = Line(scenario, playing)
    track = _Track(lines, seed)
    track.round(first_replication)
    track.forget()
    for number in range(rounds):
        track.round(first_replication + 1 + number)
    rest, peak = _memory(next(iter(lines.values())), seed, first_replication)
    return Bench(
        scenario.name,
        rounds,
        statistics.fmean(track.inquiries),
        statistics.fmean(track.contacts),
        statistics.fmean(track.events),
        rest,
        peak,
        tuple(
            Timing(name, {step: statistics.median(track.seconds[name, step]) for step in STEPS}, _start(scenario, name))
            for name in lines
        ),
    )


class _Track:
    """Runs rounds and keeps what they took."""

    def __init__(self, lines: Mapping[Name, Line], seed: int) -> None:
        self._lines, self._seed = lines, seed
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._collected = {name: line.collecting() for name, line in self._lines.items()}
        self.seconds: dict[tuple[Name, str], list[float]] = {(name, step): [] for name in self._lines for step in STEPS}
        self.inquiries: list[int] = []
        self.contacts: list[int] = []
        self.events: list[int] = []

    def round(self, replication: int) -> None:
        """Deal, play and measure a replication with every engine."""
        for name, line in self._lines.items():
            began = time.process_time()
            hand = line.deal(self._seed, replication)
            dealt = time.process_time()
            outcome = line.play(hand)
            played = time.process_time()
            self._collected[name].add(line.gather(line.account(hand, outcome)))
            measured = time.process_time()
            for step, seconds in zip(STEPS, (dealt - began, played - dealt, measured - played), strict=True):
                self.seconds[name, step].append(seconds)
        self.inquiries.append(len(hand.inquiries.channel))
        self.contacts.append(len(outcome.contacts.contact))
        self.events.append(_events(outcome))


def _events(outcome: Outcome) -> int:
    """Count the instants that the records hold."""
    legs, contacts, visits = outcome.legs, outcome.contacts, outcome.visits
    instants = (contacts.begin, contacts.end, visits.begin, visits.end)
    of_legs = (legs.enter, legs.leave, legs.talk_end, legs.hold_end, legs.wrap_up_end)
    return sum(int(np.count_nonzero(column != MISSING)) for column in (*instants, *of_legs))


def _memory(line: Line, seed: int, replication: int) -> tuple[float, float]:
    """Measure bytes by inquiry: of the Hand, and at the peak of the line."""
    tracemalloc.start()
    try:
        hand = line.deal(seed, replication)
        line.gather(line.account(hand, line.play(hand)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    inquiries = len(hand.inquiries.channel)
    return (_bytes_of(hand) / inquiries, peak / inquiries) if inquiries else (nan, nan)


def _bytes_of(hand: Hand) -> int:
    """Count the bytes of a Hand's columns; a column of one number that is there once takes that number's."""
    tables: Iterable[Any] = (getattr(hand, field.name) for field in fields(hand))
    columns = (
        getattr(table, column.name)
        for table in tables
        if hasattr(table, "__dataclass_fields__")
        for column in fields(table)
    )
    return sum(column.nbytes if sole(column) is None else column.itemsize for column in columns)


def _start(scenario: Scenario, engine: Name) -> float:
    """Measure the start of a new process until it has a first result, s."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", FIRST_RUN, engine], input=pickle.dumps(scenario), check=True)
    return time.perf_counter() - began
