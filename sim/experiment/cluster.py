"""Workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sim.experiment.errors import ClusterError
from sim.experiment.workers import LOST_HERE, MOST_LOSSES, Crew

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_CONNECT: Final = 10

ADDRESS: Final = re.compile(r"((tcp|tls|ws|wss|ucx)://)?([\w.-]+|\[[\w.:%]+\]):(?P<port>[0-9]{1,5})")
LAST_PORT: Final = 65_535


def cluster_crew(address: str) -> Crew:
    """Give the workers of a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler, such as tcp://host:8786.

    Raises
    ------
    ClusterError
        If that is no address, Dask is not installed, no scheduler answers there, or the cluster has no workers.
    """
    _check_address(address)
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  (optional, and slow to import)
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
    except ImportError:
        raise ClusterError("a cluster needs Dask; install it with: pip install 'madoguchi[dask]'") from None

    clients: list[Client] = []

    @contextmanager
    def called() -> Iterator[Executor]:
        with Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False) as client:
            clients[:] = [client]
            yield client.get_executor(pure=False, retries=MOST_LOSSES)

    size = _threads_of_workers(address)
    if not size:
        raise ClusterError(f"{address}: the cluster has no workers; start some with: dask worker {address}")
    # What is sent while the connection breaks is neither answered nor cancelled.
    return Crew(
        size,
        called,
        (*LOST_HERE, KilledWorker, CommClosedError, OSError),
        "see the logs of its workers",
        lambda: clients[-1].status == "running",
    )


def _check_address(address: object) -> None:
    found = ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if found is None or not 1 <= int(found["port"]) <= LAST_PORT:
        raise ClusterError(
            f"cluster: got {address!r}, must be the address of a Dask scheduler: HOST:PORT or tcp://HOST:PORT, such as "
            "tcp://127.0.0.1:8786; `dask scheduler` prints it when it starts"
        )


def _threads_of_workers(address: str) -> int:
    """Ask a scheduler how many threads its workers have together.

    A client would ask, too, but waits for ever for what is no scheduler, and long for its own end where that fails.
    """
    with ThreadPoolExecutor(1) as beside:  # below a notebook or a server this thread has a loop of its own
        asked = beside.submit(lambda: asyncio.run(asyncio.wait_for(_threads_by_worker(address), SECONDS_TO_CONNECT)))
    try:
        threads = asked.result()
        return sum(threads.values())
    except TimeoutError:
        error: object = f"nothing within {SECONDS_TO_CONNECT:g} s"
    except Exception as any_other:  # whatever Dask makes of what is there
        error = any_other
    raise ClusterError(
        f"{address}: no Dask scheduler answers there ({error}); start one with `dask scheduler`, or mend the address"
    )


async def _threads_by_worker(address: str) -> dict[str, int]:
    from distributed import Security, rpc  # noqa: PLC0415  (optional, and slow to import)

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        threads: dict[str, int] = await scheduler.ncores()
        return threads
