"""Integer programmes, solved by HiGHS (through SciPy) in a process of their own that can be ended.

HiGHS looks at its clock only now and then, and does not hear Ctrl-C; a process can be ended whatever it does. What
comes back says how good it is proven to be. Who has many programmes to solve keeps the process (`Solver`): its start
takes longer than most of them do.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.staffing.errors import OutOfTimeError, SolverError

if TYPE_CHECKING:
    from types import TracebackType

    from scipy import sparse

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GRACE_S: Final = 15.0
"""Beyond the time limit, for starting, reading and the solver's own look at the clock, before the process is ended."""


FEW: Final = 1_000
"""Variables up to which a programme is solved at once."""
LIKELY: Final = 1e-6
"""Value in the relaxation from which a variable counts as not nothing."""
SLACK: Final = 1e-6
"""Difference of costs that is none."""

SOLVED: Final = 0
TIME_OVER: Final = 1
INFEASIBLE: Final = 2
"""What SciPy's `milp` says."""


@dataclass(frozen=True)
class Programme:
    """Least cost · x with low ≤ matrix · x ≤ high and 0 ≤ x ≤ most, some of x whole numbers."""

    cost: Floats
    """(variables,)"""
    matrix: sparse.csr_array
    """(rows, variables)"""
    low: Floats
    high: Floats
    """(rows,) infinite where there is no bound."""
    most: Floats
    """(variables,)"""
    whole: Bools
    """(variables,) which must be whole numbers."""


@dataclass(frozen=True)
class Solution:
    """The best that was found."""

    values: Floats
    """(variables,) rounded where they must be whole."""
    cost: float
    bound: float
    """Proven: nothing costs less."""
    proven: bool
    """Whether the gap asked for was reached; else time ran out."""
    seconds: float

    @property
    def gap(self) -> float:
        """How much dearer than the bound it is, as a share of its cost."""
        return max(self.cost - self.bound, 0.0) / abs(self.cost) if self.cost else 0.0


class Solver:
    """A process that solves programmes one after the other; begun with the first, and anew after one was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.gap = 0.0
        """The widest gap that it left when its time was over; 1 if it had found nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def solve(self, programme: Programme, time_limit_s: float, gap: float) -> Solution:
        """Solve a programme.

        Parameters
        ----------
        programme
            What to solve.
        time_limit_s
            After so long the best that was found counts.
        gap
            Share of the cost within which the best is good enough.

        Raises
        ------
        SolverError
            If nothing fulfils the programme, or nothing was found in time.
        """
        try:
            found = self._found(programme, time_limit_s, gap)
        except OutOfTimeError:
            self.gap = 1.0
            raise
        if not found.proven:
            self.gap = max(self.gap, found.gap)
        return found

    def _found(self, programme: Programme, time_limit_s: float, gap: float) -> Solution:
        if self._process is None:
            self._process = _started()
        asking = _Asking(self._process, pickle.dumps((programme, time_limit_s, gap)))
        try:
            asking.start()
            asking.join(time_limit_s + GRACE_S)
        except KeyboardInterrupt:
            self._end()
            raise
        if asking.is_alive():
            self._end()
            raise OutOfTimeError(f"the solver found nothing within {time_limit_s:g} s; allow it more time")
        if asking.answer is None:
            status = self._process.wait()
            self._end()
            raise SolverError(f"the solver ended with status {status} before it had an answer")
        if isinstance(asking.answer, SolverError):
            raise asking.answer
        return asking.answer

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:  # closes its pipes, and waits for its end
                self._process = None


class _Asking(threading.Thread):
    """Hands a programme over and waits for the answer: whoever does not want to wait that long ends the process."""

    def __init__(self, process: subprocess.Popen[bytes], asked: bytes) -> None:
        super().__init__(daemon=True)
        self._process, self._asked = process, asked
        self.answer: Solution | SolverError | None = None

    def run(self) -> None:
        """Ask; no answer comes out of a process that has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(self._asked)
            self._process.stdin.flush()
            self.answer = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self.answer = None


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from sim.staffing.solver import serve; serve()"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def solve(programme: Programme, time_limit_s: float, gap: float) -> Solution:
    """Solve one programme in a process of its own, as `Solver.solve` does."""
    with Solver() as solver:
        return solver.solve(programme, time_limit_s, gap)


def solve_here(programme: Programme, time_limit_s: float, gap: float) -> Solution:
    """Solve a programme in this process: what `solve` has done elsewhere."""
    began = time.monotonic()
    found = _Search(programme, time_limit_s, gap).found()
    if found.values is None:
        raise OutOfTimeError(found.why) if found.out_of_time else SolverError(found.why)
    cost = float(programme.cost @ found.values)
    proven = cost - found.bound <= gap * abs(cost) + SLACK
    return Solution(found.values, cost, found.bound, proven, time.monotonic() - began)


def serve() -> None:
    """Read programmes from standard input, solve them and write the answers: what the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing that the solver prints mixes with the answers
    answer: Solution | SolverError
    with out:
        while True:
            try:
                answer = solve_here(*pickle.load(sys.stdin.buffer))
            except EOFError:
                return
            except SolverError as error:
                answer = error
            pickle.dump(answer, out)
            out.flush()


@dataclass(frozen=True)
class _Found:
    values: Floats | None
    bound: float
    why: str
    """Why there are no values."""
    out_of_time: bool = False
    """Whether that is because time ran out."""


class _Search:
    """A search in three steps, each only as far as the one before left a gap.

    The relaxation, in which nothing must be whole, gives a bound. The programme with only those variables that are not
    nothing there is far smaller and often has a solution near the bound (a neighbourhood of the relaxation, as in
    Danna, Rothberg and Le Pape, Mathematical Programming 102, 2005). What then remains is to find something better in
    the whole programme, or to prove that there is nothing.
    """

    def __init__(self, programme: Programme, time_limit_s: float, gap: float) -> None:
        self._programme, self._gap = programme, gap
        self._end = time.monotonic() + time_limit_s

    def found(self) -> _Found:
        """Give the best that there is when the gap is closed or time is over."""
        programme, rest = self._programme, self._end - time.monotonic()
        if len(programme.cost) <= FEW or not programme.whole.any():
            direct = self._run(programme.most, rest)
            return _Found(self._rounded(direct.x), _bound(direct), _why(direct), direct.status == TIME_OVER)
        relaxed = self._run(programme.most, rest, whole=False)
        if relaxed.status != SOLVED:
            return _Found(None, -np.inf, _why(relaxed), relaxed.status == TIME_OVER)
        bound, best = float(relaxed.fun), None
        likely = np.where((relaxed.x > LIKELY) | ~programme.whole, programme.most, 0.0)
        near = self._run(likely, (self._end - time.monotonic()) / 2)
        if near.x is not None:
            best = self._rounded(near.x)
        return self._improved(best, bound)

    def _improved(self, best: Floats | None, bound: float) -> _Found:
        """Look for something better by the gap in the whole programme, or prove that there is nothing."""
        wanted = np.inf
        if best is not None:
            cost = float(self._programme.cost @ best)
            if cost - bound <= self._gap * abs(cost) + SLACK:
                return _Found(best, bound, "")
            wanted = cost - max(self._gap * abs(cost), SLACK)
        further = self._run(self._programme.most, self._end - time.monotonic(), wanted=wanted)
        if further.x is not None:
            best = self._rounded(further.x)
        # What costs more than is wanted was not looked at: nothing is proven beyond.
        proven = wanted if further.status == INFEASIBLE and best is not None else min(_bound(further), wanted)
        return _Found(best, max(bound, proven), _why(further), further.status == TIME_OVER)

    def _run(
        self, most: Floats, seconds: float, *, whole: bool = True, wanted: float = np.inf
    ) -> optimize.OptimizeResult:
        programme = self._programme
        rules = [optimize.LinearConstraint(programme.matrix, programme.low, programme.high)]
        if np.isfinite(wanted):
            rules.append(optimize.LinearConstraint(programme.cost[None, :], -np.inf, wanted))
        return optimize.milp(
            programme.cost,
            integrality=programme.whole.astype(np.int64) * whole,
            bounds=optimize.Bounds(np.zeros(len(most)), most),
            constraints=rules,
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": self._gap},
        )

    def _rounded(self, values: Floats | None) -> Floats | None:
        return None if values is None else np.where(self._programme.whole, np.rint(values), values)


def _bound(found: optimize.OptimizeResult) -> float:
    if found.mip_dual_bound is not None:
        return float(found.mip_dual_bound)
    return float(found.fun) if found.status == SOLVED else -np.inf  # where nothing must be whole


def _why(found: optimize.OptimizeResult) -> str:
    reasons = {
        TIME_OVER: "the solver found nothing in time; allow it more",
        INFEASIBLE: "nothing fulfils all conditions",
    }
    return reasons.get(found.status, f"the solver gave up: {found.message}")
