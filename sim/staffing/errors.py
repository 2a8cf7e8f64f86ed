"""What can go wrong when a plan or a roster is solved."""


class SolverError(Exception):
    """A programme without a solution, or a solver that gave none in time; the text says which."""
