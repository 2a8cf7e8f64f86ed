"""M(t)/M/n(t)+M: arrivals and agents change by steps, and agents finish what they hold when their number falls.

The agents are interchangeable. When the number rises the new ones take the first in the queue at once. When it falls,
free ones go first; while more are busy than it says, each who finishes leaves and takes nothing.

Method. The state is (busy b, waiting q), q at most `room`. Its law p(t) follows the Kolmogorov forward equations,
solved by uniformisation piece by piece, where the rates are constant. What becomes of a contact that comes at t and
finds (b, q) is the value of a second chain (b, contacts ahead of it), which needs nothing of those behind and is solved
backward by uniformisation: over the limit for the answer in time, from the end of the day for the answer at all. Counts
by piece are integrals over the arrivals' times, taken by Gauss–Legendre rules between the times at which the integrands
have corners (ends of pieces, and one limit before them). Towards a corner, where they change fastest, the panels become
as short as `panel`; it should be of the order of the shortest mean handle time or patience.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tests.truth.exact.chain import NEGLIGIBLE, advance

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Piece:
    """A span of constant arrivals and agents."""

    duration: float
    arrivals: float
    agents: int


@dataclass(frozen=True)
class PieceFigures:
    """Expected numbers: contacts by the piece in which they came, busy and waiting by the clock."""

    offered: float
    waited: float
    """Contacts that are not answered at once."""
    answered: float
    """Contacts answered before the end of the day, whenever."""
    abandoned: float
    answered_within: float
    abandoned_within: float
    busy_time: float
    """Integral of the busy agents over the piece, those who finish after their number fell included."""
    on_duty_busy_time: float
    """The same, of no more agents than are due."""
    waiting_time: float
    """Integral of the queue's length."""


@dataclass(frozen=True)
class FallingStaff:
    """A day that begins empty.

    Handled and leaving are the rates of an agent's completions and of a waiting contact's patience.
    """

    pieces: tuple[Piece, ...]
    handled: float
    leaving: float
    room: int
    panel: float
    nodes: int = 12

    @cached_property
    def most(self) -> int:
        """Largest number of agents."""
        return max(piece.agents for piece in self.pieces)

    @cached_property
    def grid(self) -> tuple[Indices, Indices]:
        """Busy and waiting of each state."""
        busy, waiting = np.meshgrid(np.arange(self.most + 1), np.arange(self.room + 1), indexing="ij")
        return busy.ravel().astype(np.int64), waiting.ravel().astype(np.int64)

    def place(self, busy: Indices, waiting: Indices) -> Indices:
        """Index of states."""
        return busy * (self.room + 1) + waiting

    def figures(self, limit: float) -> list[PieceFigures]:
        """Expected numbers of each piece, with `limit` the time to be answered in."""
        times = [self._times(number, limit) for number in range(len(self.pieces))]
        laws = self._laws([at for at, _ in times])
        fates = self._fates([at for at, _ in times])
        found = []
        for number, (piece, (at, weight)) in enumerate(zip(self.pieces, times, strict=True)):
            busy, waiting = self.grid
            free = busy < piece.agents
            totals = np.zeros(8)
            for moment, share, law, fate in zip(at, weight, laws[number], fates[number], strict=True):
                soon = self._soon(number, moment, limit) if piece.arrivals else np.zeros_like(fate)
                waits = np.where(free, 0.0, law)
                at_once = law[free].sum()
                of_contacts = [
                    waits.sum(),
                    at_once + waits @ fate[:, 0],
                    waits @ fate[:, 1],
                    at_once + waits @ soon[:, 0],
                    waits @ soon[:, 1],
                ]
                by_clock = [law @ busy, law @ np.minimum(busy, piece.agents), law @ waiting]
                totals += share * np.array([*(piece.arrivals * count for count in of_contacts), *by_clock])
            found.append(PieceFigures(piece.arrivals * piece.duration, *totals.tolist()))
        return found

    def _times(self, number: int, limit: float) -> tuple[Vector, Vector]:
        """Nodes within the piece, from its start, and their weights."""
        duration = self.pieces[number].duration
        # an answer in time depends on the following pieces' agents from one limit before their starts
        ahead = np.cumsum([0.0, *(piece.duration for piece in self.pieces[number + 1 :])])
        corners = np.concatenate(([0.0, duration], duration + ahead - limit))
        corners = np.unique(corners[(corners >= 0.0) & (corners <= duration)])
        edges = np.unique(np.concatenate([self._panels(start, end) for start, end in pairwise(corners)]))
        node, weight = np.polynomial.legendre.leggauss(self.nodes)
        half = np.diff(edges)[:, None] / 2.0
        return (edges[:-1, None] + half * (1.0 + node)).ravel(), (half * weight).ravel()

    def _panels(self, start: float, end: float) -> Vector:
        """Edges of panels from start to end, each twice as long as its neighbour nearer to the ends."""
        deepest = int(np.ceil(np.log2(max((end - start) / self.panel, 1.0))))
        depth = self.panel * (2.0 ** np.arange(deepest + 1) - 1.0)
        depth = depth[depth < (end - start) / 2.0]
        return np.concatenate((start + depth, end - depth[::-1]))

    def _laws(self, times: list[Vector]) -> list[list[Vector]]:
        """Law of the state at each node of each piece."""
        law = np.zeros(self.grid[0].size)
        law[0] = 1.0
        found = []
        for piece, at in zip(self.pieces, times, strict=True):
            law = self._take(piece.agents, law)
            forward = self._forward(piece)
            fastest = piece.arrivals + self.most * self.handled + self.room * self.leaving
            here, now = [], 0.0
            for moment in at:
                law = advance(forward, law, moment - now, fastest)
                here.append(law)
                now = moment
            law = advance(forward, law, piece.duration - now, fastest)
            found.append(here)
            full = law[self.grid[1] == self.room].sum()
            if full > NEGLIGIBLE:
                raise ValueError(f"the queue is cut where it still holds {full:.1e}; give it more room")
        return found

    def _fates(self, times: list[Vector]) -> list[list[Vector]]:
        """By node and state: probabilities that who must wait is answered, and abandons, before the day ends."""
        value = self._outcomes()
        found: list[list[Vector]] = []
        for number in reversed(range(len(self.pieces))):
            piece = self.pieces[number]
            if number + 1 < len(self.pieces):
                value = self._taken(self.pieces[number + 1].agents, value)
            backward = self._backward(piece.agents)
            here, now = [], piece.duration
            for moment in times[number][::-1]:
                value = advance(backward, value, now - moment, self._fastest_tagged)
                here.append(value[:-2])
                now = moment
            value = advance(backward, value, now, self._fastest_tagged)
            found.append(here[::-1])
        return found[::-1]

    def _soon(self, number: int, moment: float, limit: float) -> Vector:
        """By state: probabilities that who comes then and must wait is answered, and abandons, within the limit."""
        spans, left = [], limit
        for piece in self.pieces[number:]:
            span = min(piece.duration - moment, left)
            spans.append((piece.agents, span))
            left, moment = left - span, 0.0
            if left <= 0.0:
                break
        else:
            raise ValueError("the day ends before the limit of its last contacts: add a piece without arrivals")
        return self._soon_after(tuple(spans))

    def _soon_after(self, spans: tuple[tuple[int, float], ...]) -> Vector:
        if spans in self._known:
            return self._known[spans]
        value, following = self._outcomes(), None
        for agents, span in reversed(spans):
            if following is not None:
                value = self._taken(following, value)
            value = advance(self._backward(agents), value, span, self._fastest_tagged)
            following = agents
        return self._known.setdefault(spans, value[:-2])

    @cached_property
    def _known(self) -> dict[tuple[tuple[int, float], ...], Vector]:
        return {}

    @cached_property
    def _fastest_tagged(self) -> float:
        return self.most * self.handled + (self.room + 1) * self.leaving

    def _outcomes(self) -> Vector:
        """Values at the end: column 0 of having been answered, 1 of having abandoned."""
        return np.vstack((np.zeros((self.grid[0].size, 2)), np.eye(2)))

    def _take(self, agents: int, law: Vector) -> Vector:
        """Law just after the number of agents is set: free ones take the first who wait."""
        busy, waiting = self.grid
        taken = np.clip(agents - busy, 0, waiting)
        after = np.zeros_like(law)
        np.add.at(after, self.place(busy + taken, waiting - taken), law)
        return after

    def _taken(self, agents: int, value: Vector) -> Vector:
        """Values of a waiting contact just before the number of agents is set, from those just after."""
        busy, ahead = self.grid
        free = np.maximum(agents - busy, 0)
        answered = value.shape[0] - 2
        stays = self.place(np.minimum(busy + free, self.most), np.maximum(ahead - free, 0))
        before = value.copy()
        before[:-2] = value[np.where(free > ahead, answered, stays)]
        return before

    def _forward(self, piece: Piece) -> sparse.csr_array:
        """Transposed generator of (busy, waiting)."""
        busy, waiting = self.grid
        here = self.place(busy, waiting)
        free = busy < piece.agents
        takes_next = (waiting > 0) & (busy <= piece.agents)
        one_less_waiting = self.place(busy, np.maximum(waiting - 1, 0))
        one_less_busy = self.place(np.maximum(busy - 1, 0), waiting)
        one_more = np.where(
            free,
            self.place(np.minimum(busy + 1, self.most), waiting),
            self.place(busy, np.minimum(waiting + 1, self.room)),
        )
        return _generator(
            here.size,
            here,
            [
                (one_more, np.full(here.size, piece.arrivals)),
                (np.where(takes_next, one_less_waiting, one_less_busy), busy * self.handled),
                (one_less_waiting, waiting * self.leaving),
            ],
        ).T.tocsr()

    def _backward(self, agents: int) -> sparse.csr_array:
        """Generator of (busy, contacts ahead of a waiting one), answered and abandoned."""
        if agents in self._generators:
            return self._generators[agents]
        busy, ahead = self.grid
        here = self.place(busy, ahead)
        answered, abandoned = here.size, here.size + 1
        closer = self.place(busy, np.maximum(ahead - 1, 0))
        one_less_busy = self.place(np.maximum(busy - 1, 0), ahead)
        on_completion = np.where(busy > agents, one_less_busy, np.where(ahead > 0, closer, answered))
        generator = _generator(
            here.size + 2,
            here,
            [
                (on_completion, busy * self.handled),
                (closer, ahead * self.leaving),
                (np.full(here.size, abandoned), np.full(here.size, self.leaving)),
            ],
        )
        return self._generators.setdefault(agents, generator)

    @cached_property
    def _generators(self) -> dict[int, sparse.csr_array]:
        return {}


def _generator(size: int, source: Indices, moves: list[tuple[NDArray[Any], NDArray[Any]]]) -> sparse.csr_array:
    """Generator with the given moves out of the source states; a move to the state itself is none."""
    target = np.concatenate([to for to, _ in moves])
    rate = np.concatenate([rate for _, rate in moves])
    sources = np.tile(source, len(moves))
    flow = sparse.csr_array((rate, (sources, target)), shape=(size, size))
    return (flow - sparse.diags_array(flow.sum(axis=1))).tocsr()
