"""What a check refuses."""


class CheckError(Exception):
    """A check that cannot be made: nothing to check, a baseline that cannot be read; the text says what to do."""
