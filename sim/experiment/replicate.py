"""Replications one after the other: deal, play, measure, collect, until there are enough."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from sim.demand.deal import Dealer
from sim.engine.compile import compile_program
from sim.engine.reference import play
from sim.experiment.collect import Collected
from sim.experiment.judge import Judgement, judge, selections
from sim.experiment.result import Result
from sim.experiment.statistics import LOOKS, next_look
from sim.measure.accounts import account
from sim.measure.frame import Frame
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.simulated import not_yet_simulated
from sim.scenario.units import write_counted

Auto = Literal["auto"]


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    done: int
    """Replications done."""
    planned: int
    """Replications at the end, or for `auto` at the next look."""
    judgement: Judgement | None
    """What the last look of `auto` found."""


def run(
    scenario: Scenario,
    *,
    replications: int | Auto = "auto",
    seed: int = 1,
    first_replication: int = 0,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Simulate a scenario in independent replications.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        How many; `auto`: until every target (else service level within 20 s and abandonment by channel) has a 95 %
        half-width of at most 1 percentage point or 5 %, looked at after 30, 50, 80, 120, 200, 300, 500 and 700
        replications, and 1,000 at most.
    seed
        Of all chance, 0 or more. The same scenario, seed and version give the same figures to the last digit.
    first_replication
        Number of the first replication; replication k is the same alone as among others.
    progress
        Called after every replication.

    Returns
    -------
    Result
        Interrupted (Ctrl-C), it holds the complete replications and says how many are missing.

    Raises
    ------
    ScenarioError
        If the scenario says something that is not simulated yet, with every such key: nothing is left out in silence.
    """
    _check_arguments(scenario, replications, seed, first_replication)
    if problems := not_yet_simulated(scenario):
        raise ScenarioError(problems)
    program, dealer = compile_program(scenario), Dealer(scenario)
    frame = Frame.of(scenario, program)
    collected = Collected(frame, selections(scenario))
    auto = replications == "auto"
    limit = LOOKS[-1] if replications == "auto" else replications
    judgement: Judgement | None = None
    ended, interrupted = f"{write_counted(limit, 'replication')}, as asked", False
    try:
        while collected.replications < limit:
            hand = dealer.deal(seed, first_replication + collected.replications)
            measures = account(frame, hand, play(program, hand))
            with _uninterrupted():
                collected.add(measures)
            done = collected.replications
            if auto and done in LOOKS:
                judgement = judge(scenario, collected)
                if judgement.precise:
                    ended = f"precise enough after {done} replications: {judgement}"
                    break
                ended = f"limit of {limit} replications: {judgement}"
            if progress is not None:
                progress(Progress(done, int(min(next_look(done), limit)) if auto else limit, judgement))
    except KeyboardInterrupt:
        if not collected.replications:
            raise
        left = limit - collected.replications
        missing = "until precise enough" if auto else f"{left} {'is' if left == 1 else 'are'} missing"
        interrupted = True
        ended = f"interrupted after {write_counted(collected.replications, 'complete replication')}; {missing}"
    return Result(
        scenario=scenario,
        seed=seed,
        first_replication=first_replication,
        collected=collected,
        looked=auto,
        ended=ended,
        interrupted=interrupted,
    )


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block, so that a replication is added whole or not at all."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals only ever reach the main thread
        return
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
    if pressed:
        raise KeyboardInterrupt


def _check_arguments(scenario: object, replications: object, seed: object, first: object) -> None:
    if not isinstance(scenario, Scenario):
        raise TypeError(f"scenario: got {scenario!r:.80}, must be a Scenario, such as sim.load('desk.yaml')")
    if replications != "auto" and (
        not isinstance(replications, int) or isinstance(replications, bool) or replications < 1
    ):
        raise ValueError(f"replications: got {replications!r}, must be 'auto' or a whole number of at least 1")
    for name, value in (("seed", seed), ("first_replication", first)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ValueError(f"{name}: got {value!r}, must be a whole number, 0 or more")
