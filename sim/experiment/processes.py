"""Processes that work for this one, on this machine.

They are forked where that is safe: such a process begins at once, with all that is imported, compiled and worked out
here, and shares its memory until one of the two writes to it. A new interpreter takes more than a second of a processor
until it has got that far.

A fork copies locks that other threads hold, but not the threads that would let go of them. It is safe if there are
none. Those of the numerical libraries do not count: they end before a fork and begin anew when there is work for them.
Where other threads run (in a notebook, below a server, in a worker of Dask), and where the system's own libraries do
not stand a fork (macOS) or there is none (Windows), processes are new interpreters. So they are for whoever asks for
that by `multiprocessing.set_start_method("spawn")`. Executors have threads themselves: what is started while another
one works, or is still ending after its processes were lost, is a new interpreter, too.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

THREADS: Final = Path("/proc/self/task")
"""Where Linux lists a process's threads, those that Python does not know included."""


@contextmanager
def processes(size: int) -> Iterator[Executor]:
    """Give an executor of so many processes, which leave Ctrl-C to this one and are told to end afterwards."""
    context = multiprocessing.get_context("fork" if may_fork() else "spawn")
    executor = ProcessPoolExecutor(size, context, initializer=_leave_it_to_the_parent_when_to_end)
    try:
        with _interrupts_held():
            for _ in range(size):
                # Starts them all, as what was found out about threads holds now; forks come before the executor's own.
                executor.submit(os.getpid)
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def may_fork() -> bool:
    """Tell whether forking this process is safe and wanted."""
    if sys.platform != "linux" or multiprocessing.get_start_method(allow_none=True) not in {None, "fork"}:
        return False
    if threading.active_count() > 1 or threading.current_thread() is not threading.main_thread():
        return False
    return THREADS.is_dir() and _alone_after_a_fork()


def _alone_after_a_fork() -> bool:
    """Fork once, so that threads which end before a fork do so, and tell whether others are left."""
    with _interrupts_held(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of those other threads, from Python 3.12 on
        child = os.fork()
        if not child:
            os._exit(0)
        with suppress(ChildProcessError):  # where somebody has the system forget children that end
            os.waitpid(child, 0)
    return len(list(THREADS.iterdir())) == 1


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have Ctrl-C wait for the end of the block: a process that begins in it would take it for its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_it_to_the_parent_when_to_end() -> None:
    """Have Ctrl-C end the parent alone, and this process when the parent has, killed or not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after_the_parent, daemon=True).start()


def _end_after_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
