"""A question to the formulas and its answer: what so many agents keep, how many it takes, how many contacts fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.staffing.erlang.arguments import SECONDS_PER_HOUR
from sim.staffing.erlang.formulas import erlang_a, erlang_b
from sim.staffing.erlang.inverse import NO_GOALS, Goals, least_agents, least_lines, most_arrivals, most_load
from sim.staffing.erlang.queue import Queue
from sim.staffing.erlang.square_root import square_root_agents


@dataclass(frozen=True, slots=True)
class Question:
    """Two of arrivals, agents and goals: the third is the answer. With arrivals and agents the goals are judged."""

    handle_time_s: float
    """Mean, talk and wrap-up; not a number in what the rows of a table share, where each row says it."""
    arrivals_per_hour: float | None = None
    agents: int | None = None
    """On duty; or lines."""
    patience_s: float = math.inf
    """Mean; infinite where nobody gives up."""
    goals: Goals = NO_GOALS
    lost: bool = False
    """Whether who finds everybody busy is lost: Erlang B, for which `blocked` is the goal."""
    blocked: float | None = None
    """At most this share turned away; only with `lost`."""
    shrinkage: float = 0.0
    """Share of the scheduled people who are away: absence, meetings, breaks."""

    def __post_init__(self) -> None:
        if not 0 <= self.shrinkage < 1:
            raise ValueError(f"shrinkage: got {self.shrinkage!r}, must be from 0 and below 1")
        if self.lost and (self.goals or self.patience_s != math.inf):
            raise ValueError("lost: nobody waits, so only `blocked` can be asked, and patience means nothing")
        if self.blocked is not None and not self.lost:
            raise ValueError("blocked: is a goal of queues in which nobody can wait (`lost`)")

    @property
    def formula(self) -> str:
        """The formula that answers: B, C or A."""
        return "B" if self.lost else "C" if self.patience_s == math.inf else "A"

    @property
    def enough(self) -> bool:
        """Whether two of arrivals, agents and goals are given."""
        goals = bool(self.goals) or self.blocked is not None
        return sum((self.arrivals_per_hour is not None, self.agents is not None, goals)) >= 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What the formula gives; figures that do not apply are nan."""

    question: Question
    arrivals_per_hour: float
    """As given, or the most that keep the goals (infinite if any number does)."""
    agents: int
    """As given, or the least that keep the goals."""
    queue: Queue | None
    """Its steady state; None in Erlang B, where there is none (see `note`), and where nobody comes."""
    blocked: float
    """Share turned away, in Erlang B."""
    kept: bool | None
    """Whether the goals are kept; None if none was set."""
    note: str
    """Why there is no steady state; empty if there is one."""

    @property
    def load_erlangs(self) -> float:
        """Offered load: arrivals × handle time."""
        return self.arrivals_per_hour / SECONDS_PER_HOUR * self.question.handle_time_s

    @property
    def occupancy(self) -> float:
        """Share of the agents' time spent handling."""
        if self.queue is not None:
            return self.queue.occupancy
        return self.load_erlangs * (1 - self.blocked) / self.agents if self.agents else math.nan

    @property
    def scheduled(self) -> int:
        """People to schedule so that `agents` are there after shrinkage, rounded up."""
        return math.ceil(round(self.agents / (1 - self.question.shrinkage), 9))

    @property
    def square_root(self) -> int | None:
        """Agents by the square-root rule for the same share that waits; None where there is no such share."""
        if self.queue is None or not 0 < self.queue.waits < 1:
            return None
        return square_root_agents(self.load_erlangs, self.queue.waits, self.queue.patience_s / self.queue.handle_time_s)

    def beside(self) -> Iterator[Answer]:
        """Give the answers for one agent less, as many, and one more, where there are such."""
        for agents in (self.agents - 1, self.agents, self.agents + 1):
            if agents >= 0:
                yield _figures(self.question, self.arrivals_per_hour, agents)


def answer(question: Question) -> Answer:
    """Answer a question by the formula that fits it.

    Raises
    ------
    ValueError
        If less than two of arrivals, agents and goals are given, or one is out of its range.

    Examples
    --------
    >>> found = answer(Question(240, arrivals_per_hour=100, patience_s=180, goals=Goals(service_level=0.8)))
    >>> found.agents, round(found.queue.service_level(20), 3)
    (9, 0.88)
    """
    if not question.enough:
        raise ValueError("give two of arrivals, agents and goals (service level, …); the third is the answer")
    arrivals, agents = question.arrivals_per_hour, question.agents
    if arrivals is None:
        arrivals = _most_arrivals(question, agents or 0)
    if agents is None:
        agents = _least_agents(question, arrivals)
    return _figures(question, arrivals, agents)


def _least_agents(question: Question, arrivals_per_hour: float) -> int:
    if question.blocked is not None:
        return least_lines(arrivals_per_hour / SECONDS_PER_HOUR * question.handle_time_s, question.blocked)
    return least_agents(arrivals_per_hour, question.handle_time_s, question.goals, question.patience_s)


def _most_arrivals(question: Question, agents: int) -> float:
    if question.blocked is not None:
        return most_load(agents, question.blocked) * SECONDS_PER_HOUR / question.handle_time_s
    return most_arrivals(agents, question.handle_time_s, question.goals, question.patience_s)


def _figures(question: Question, arrivals_per_hour: float, agents: int) -> Answer:
    load = arrivals_per_hour / SECONDS_PER_HOUR * question.handle_time_s
    queue, blocked, kept, note = None, math.nan, None, ""
    if arrivals_per_hour == 0:
        note = "nobody comes, and nobody is needed"
    elif arrivals_per_hour == math.inf:
        note = "the goals are kept however many come"
    elif question.lost:
        blocked = erlang_b(load, agents)
        kept = None if question.blocked is None else blocked <= question.blocked
    elif question.patience_s == math.inf and load >= agents:
        note = f"{load:.4g} Erlangs are more than {agents} agents can handle: the queue grows without end"
        kept = False if question.goals else None
    else:
        queue = erlang_a(arrivals_per_hour, question.handle_time_s, question.patience_s, agents)
        kept = question.goals.kept_by(queue) if question.goals else None
    return Answer(question, arrivals_per_hour, agents, queue, blocked, kept, note)
