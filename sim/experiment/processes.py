"""Processes that work for this one, on this machine.

They are forked where that is safe: such a process begins at once, with all that is imported, compiled and worked out
here, and shares its memory until one of the two writes to it. Python's collector of garbage, which would write to all
of it, is told to leave alone what is there. A new interpreter takes more than a second of a processor until it has got
that far.

A fork copies locks that other threads hold, but not the threads that would let go of them. It is safe if there are
none. Those of the numerical libraries do not count: they end before a fork and begin anew when there is work for them.
Where other threads run (in a notebook, below a server, in a worker of Dask), and where the system's own libraries do
not stand a fork (macOS) or there is none (Windows), processes are new interpreters. So they are for whoever asks for
that by `multiprocessing.set_start_method("spawn")`. Executors have threads themselves: what is started while another
one works, or is still ending after its processes were lost, is a new interpreter, too.

Long answers are left in files, and only their names sent. Processes share one pipe, and an executor waits for ever for
the rest of what one of them was sending when it was killed; what is short is sent whole or not at all.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = Path("/proc/self/task")
"""Where Linux lists a process's threads, those that Python does not know included."""

LONGEST_SENT: Final = 2_048
"""Bytes of an answer that is sent: with all that an executor adds below what systems write at once (PIPE_BUF)."""


@contextmanager
def processes(size: int) -> Iterator[Executor]:
    """Give an executor of so many processes, which leave Ctrl-C to this one and are told to end afterwards."""
    context = multiprocessing.get_context("fork" if may_fork() else "spawn")
    with TemporaryDirectory(prefix="madoguchi-", ignore_cleanup_errors=True) as folder:
        executor = ProcessPoolExecutor(size, context, initializer=end_with_the_parent, initargs=(Path(folder),))
        try:
            gc.freeze()
            with interrupts_held():
                for _ in range(size):
                    # Starts them all, as what was found out about threads holds now; forks come before the executor's.
                    executor.submit(os.getpid)
            yield _ByFile(executor, Path(folder))
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            gc.unfreeze()


class _ByFile(Executor):
    """Another executor whose long answers come by files in a folder."""

    def __init__(self, executor: Executor, folder: Path) -> None:
        self._executor, self._folder = executor, folder

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have something called, as any executor has."""
        answer: Future[T] = Future()
        sent = self._executor.submit(_packed, self._folder, call, *args, **kwargs)
        sent.add_done_callback(partial(_hand_on, answer))
        return answer


def _packed(folder: Path, call: Callable[..., object], *args: object, **kwargs: object) -> bytes | Path:
    """Give the answer of a call, pickled, or the file that holds it."""
    answer = pickle.dumps(call(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
    if len(answer) <= LONGEST_SENT:
        return answer
    with suppress(OSError), NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(answer)
        file.flush()
        return Path(file.name)
    return answer  # there is no room for files


def _hand_on(answer: Future[T], sent: Future[bytes | Path]) -> None:
    """Give the answer that was sent to whoever waits for it."""
    if sent.cancelled():
        answer.cancel()
        answer.set_running_or_notify_cancel()
        return
    try:
        packed = sent.result()
        answer.set_result(_read(packed) if isinstance(packed, Path) else pickle.loads(packed))
    except Exception as error:  # whatever it is, who waits is told
        answer.set_exception(error)


def _read(path: Path) -> Any:
    with path.open("rb") as file:  # not read in whole: long columns go where they stay
        answer = pickle.load(file)
    path.unlink()
    return answer


def may_fork() -> bool:
    """Tell whether forking this process is safe and wanted."""
    if sys.platform != "linux" or multiprocessing.get_start_method(allow_none=True) not in {None, "fork"}:
        return False
    if threading.active_count() > 1 or threading.current_thread() is not threading.main_thread():
        return False
    return THREADS.is_dir() and _alone_after_a_fork()


def _alone_after_a_fork() -> bool:
    """Fork once, so that threads which end before a fork do so, and tell whether others are left."""
    with interrupts_held(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of those other threads, from Python 3.12 on
        child = os.fork()
        if not child:
            os._exit(0)
        with suppress(ChildProcessError):  # where somebody has the system forget children that end
            os.waitpid(child, 0)
    return len(list(THREADS.iterdir())) == 1


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Have Ctrl-C wait for the end of the block: a process that begins in it would take it for its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_the_parent(folder: Path | None = None) -> None:
    """Have Ctrl-C end the parent alone, and this process when the parent has, killed or not; a folder goes with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after_the_parent, args=(folder,), daemon=True).start()


def _end_after_the_parent(folder: Path | None) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        if folder is not None:
            rmtree(folder, ignore_errors=True)
        os._exit(1)
