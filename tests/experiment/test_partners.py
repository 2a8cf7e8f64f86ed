"""Processes that are each asked on their own: all forked where that is safe, ended whatever comes in between."""

import os
import signal
from collections.abc import Callable

import pytest

from sim.experiment.partners import Partners, PartnersLost
from tests.experiment.alone import linux, said_alone


@linux
def test_partners_are_all_forked_and_forked_again_after_they_were_ended() -> None:
    """They go on with what is here, which could not be pickled, and need no guard around the script."""
    assert said_alone("""
        from multiprocessing import active_children
        from sim.experiment.partners import Partners

        def kinds():
            return [type(child).__name__ for child in active_children()]

        with Partners(3, lambda: lambda number: 6 // number) as partners:
            print(partners.answers([1, 2, 3]), kinds())
            try:
                partners.answers([1, 0, 1])
            except ZeroDivisionError as error:
                print(error, kinds())
            print(partners.answers([3, 2, 1]), kinds())
        print(kinds())
    """) == [
        "[6, 3, 2] ['ForkProcess', 'ForkProcess', 'ForkProcess']",
        "integer division or modulo by zero []",
        "[2, 3, 6] ['ForkProcess', 'ForkProcess', 'ForkProcess']",
        "[]",
    ]


@linux
def test_ctrl_c_ends_partners_at_work_and_nobody_gets_their_late_answers() -> None:
    """Ctrl-C reaches all processes of a terminal: only the one that asked takes it for its own, and may ask again."""
    assert said_alone("""
        import os, signal, time
        from multiprocessing import active_children
        from sim.experiment.partners import Partners

        os.setpgrp()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs this may have it ignored

        def work(asked):
            if asked == "work":
                os.killpg(0, signal.SIGINT)
                signal.pause()
            return asked

        began = time.monotonic()
        with Partners(2, lambda: work) as partners:
            try:
                partners.answers(["idle", "work"])
            except KeyboardInterrupt:
                print("interrupted", active_children())
            print(partners.answers(["one", "two"]))
        print(time.monotonic() - began < 20)
    """) == ["interrupted []", "['one', 'two']", "True"]


@pytest.mark.parametrize("method", [pytest.param("fork", marks=linux), "spawn"])
def test_partners_end_when_whoever_asks_is_killed(method: str) -> None:
    """They would wait for questions for ever."""
    assert said_alone(
        f"""
        import multiprocessing, os, signal
        from functools import partial
        from sim.experiment.partners import Partners

        multiprocessing.set_start_method({method!r})
        with Partners(2, partial(partial, divmod, 7)) as partners:
            print(partners.answers([2, 4]), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        status=-signal.SIGKILL,
    ) == ["[(3, 1), (1, 3)]"]


def test_a_partner_that_is_gone_is_told() -> None:
    """As it works or before it was asked; the next question is for new ones. Long questions and answers are whole."""
    with Partners(2, _killed) as partners:
        whole = partners.answers([bytes(10_000_000), b"short"])
        assert [len(one) for one in whole] == [10_000_000, 5]
        with pytest.raises(PartnersLost):
            partners.answers([b"kill", bytes(10_000_000)])
        assert partners.answers([b"one", b"two"]) == [b"one", b"two"]
        with pytest.raises(PartnersLost):
            partners.answers([b"die", b"die"])
        assert partners.answers([b"one", b"two"]) == [b"one", b"two"]


def _killed() -> Callable[[bytes], bytes]:
    def work(asked: bytes) -> bytes:
        if asked == b"kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if asked == b"die":
            os._exit(0)
        return asked

    return work
