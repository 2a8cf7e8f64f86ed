"""Processes that work for this one: forked where that is safe, new interpreters elsewhere, and the same figures."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.experiment.processes import _ByFile, _packed
from tests.experiment.alone import linux, said_alone


@linux
def test_a_process_is_forked_only_if_no_other_thread_outlives_that() -> None:
    """Those of the numerical libraries do not; one that Python does not know does; nor does whoever forbids it fork."""
    assert said_alone("""
        import _thread, multiprocessing, signal, threading
        from pathlib import Path
        import numpy
        from sim.experiment import processes
        from sim.experiment.processes import may_fork

        numpy.ones((500, 500)) @ numpy.ones((500, 500))
        print("alone", may_fork())
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print("with ends of children ignored", may_fork())
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        thread = threading.Thread(target=lambda: print("in a thread", may_fork()))
        thread.start()
        thread.join()
        ended = threading.Event()
        thread = threading.Thread(target=ended.wait)
        thread.start()
        print("beside a thread", may_fork())
        ended.set()
        thread.join()
        hold, left = _thread.allocate_lock(), _thread.allocate_lock()
        hold.acquire()
        left.acquire()
        _thread.start_new_thread(lambda: (hold.acquire(), left.release()), ())
        print("beside an unknown thread", threading.active_count(), may_fork())
        hold.release()
        left.acquire()
        there, processes.THREADS = processes.THREADS, Path("/no such folder")
        print("where nobody lists threads", may_fork())
        processes.THREADS = there
        multiprocessing.set_start_method("spawn")
        print("forbidden", may_fork())
    """) == [
        "alone True",
        "with ends of children ignored True",
        "in a thread False",
        "beside a thread False",
        "beside an unknown thread 1 False",
        "where nobody lists threads False",
        "forbidden False",
    ]


@linux
def test_what_is_there_before_a_fork_is_left_alone_by_the_collector_of_garbage_until_workers_end() -> None:
    """It would write to every object that it looks at, here and in each worker, which then is copied."""
    assert said_alone("""
        import gc
        from sim.experiment.partners import Partners
        from sim.experiment.processes import processes

        def left_alone():
            return gc.get_freeze_count() > 10_000  # Python itself may leave some alone

        def begin():
            return lambda asked: left_alone()

        with Partners(1, begin) as partners:
            print(left_alone(), partners.answers([None]), left_alone())
        print(left_alone())
        with processes(2) as executor:
            print(left_alone(), executor.submit(gc.get_freeze_count).result() > 10_000)
        print(left_alone())
    """) == ["False [True] True", "False", "True True", "False"]


@linux
def test_forked_workers_give_every_digit_of_one_process_also_when_one_is_killed() -> None:
    """They go on with the line of this process, and need no guard around the script that asks for them."""
    assert said_alone("""
        import os, signal
        from multiprocessing import active_children
        from sim.experiment import workers
        from sim.experiment.replicate import run
        from tests.experiment.desks import random_hours

        def kill(progress):
            if progress.done == 1:
                print(*sorted({type(child).__name__ for child in active_children()}))
                os.kill(active_children()[0].pid, signal.SIGTERM)

        one = run(random_hours(), replications=6, seed=7)
        workers.players._made = lambda recipe: print("made anew")
        two = run(random_hours(), replications=6, seed=7, workers=2, progress=kill)
        print(two.summary() == one.summary())
    """) == ["ForkProcess", "True"]


@pytest.mark.parametrize("method", [pytest.param("fork", marks=linux), "spawn"])
def test_workers_end_when_the_run_is_killed(method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would wait for work for ever. They leave no folder behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert said_alone(
        f"""
        import multiprocessing, os, signal
        from sim.experiment.processes import processes

        multiprocessing.set_start_method({method!r})
        with processes(2) as executor:
            print(executor.submit(os.getppid).result() == os.getpid(), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        status=-signal.SIGKILL,
    ) == ["True"]
    assert list(tmp_path.iterdir()) == []


@linux
def test_a_worker_that_is_killed_as_it_sends_a_long_answer_is_noticed() -> None:
    """Whoever is found writing to the pipe is killed: the answer comes, or the loss is told; nobody waits for ever.

    What is sent is short, so that hardly anybody is ever found.
    """
    said = said_alone("""
        import os, signal, time
        from concurrent.futures import BrokenExecutor
        from multiprocessing import active_children
        from pathlib import Path
        from sim.experiment.processes import processes

        with processes(2) as executor:
            answers = [executor.submit(bytes, 30_000_000) for _ in range(4)]
            until = time.monotonic() + 30
            while not all(answer.done() for answer in answers) and time.monotonic() < until:
                for child in active_children():
                    try:
                        doing = Path(f"/proc/{child.pid}/wchan").read_text()
                    except OSError:
                        continue
                    if "pipe_write" in doing:
                        os.kill(child.pid, signal.SIGKILL)
            for answer in answers:
                try:
                    print(len(answer.result(timeout=0)))
                except BrokenExecutor as lost:
                    print("lost")
    """)
    assert len(said) == 4
    assert {*said} <= {"30000000", "lost"}


def test_long_answers_come_by_files_which_are_gone_afterwards(tmp_path: Path) -> None:
    """As short ones do and errors do; without room for files they are sent."""
    with ThreadPoolExecutor(1) as threads:
        by_file = _ByFile(threads, tmp_path)
        assert by_file.submit(bytes, 10_000).result() == bytes(10_000)
        assert by_file.submit(bytes, 10).result() == bytes(10)
        with pytest.raises(ZeroDivisionError):
            by_file.submit(divmod, 1, 0).result()
        assert list(tmp_path.iterdir()) == []
        assert isinstance(_packed(tmp_path, bytes, 10_000), Path)
        assert isinstance(_packed(tmp_path, bytes, 10), bytes)
        assert _ByFile(threads, tmp_path / "missing").submit(bytes, 10_000).result() == bytes(10_000)
