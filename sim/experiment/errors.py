"""What can go wrong: a question that has no answer, and the workers of a run."""


class QuestionError(ValueError):
    """Something is asked that cannot be answered: the text says what is allowed."""


class WorkersLost(Exception):  # noqa: N818  (what happened, not what somebody did wrong)
    """Workers were lost again and again: the replications that had not come back are missing."""


class ClusterError(ValueError):
    """A cluster that cannot be worked with: the text says why, and what to do."""
