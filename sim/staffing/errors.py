"""What can go wrong when a plan or a roster is solved."""


class SolverError(Exception):
    """A programme without a solution, or a solver that gave none in time; the text says which."""


class InfeasibleError(Exception):
    """No headcounts at all are allowed, so that there is not even a nearest plan; the text says why."""


class JournalError(Exception):
    """A journal of evaluations that cannot be used; the text says why."""


class OutOfTimeError(SolverError):
    """Nothing was found within the time limit."""
