"""A run on a real Dask scheduler with two worker processes on loopback."""

from collections.abc import Iterator

import distributed
import pytest

from sim.experiment.cluster import cluster_crew
from sim.experiment.errors import ClusterError
from sim.experiment.replicate import Progress, run
from tests.experiment.desks import random_hours

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster() -> Iterator[distributed.LocalCluster]:
    """Start a scheduler and two workers, each a process, that find each other by TCP."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=":0", silence_logs=60
    ) as started:
        yield started


def test_a_cluster_gives_every_digit_of_one_process_also_when_a_worker_is_killed(
    cluster: distributed.LocalCluster,
) -> None:
    """The first progress kills one of the two: what it had in hand is played again by the other or its successor."""

    def kill(progress: Progress) -> None:
        if progress.done == 1:
            next(iter(cluster.workers.values())).process.process.kill()

    assert cluster.scheduler_address.startswith("tcp://127.0.0.1:")
    one = run(random_hours(), replications=40, seed=7)
    many = run(random_hours(), replications=40, seed=7, cluster=cluster.scheduler_address, progress=kill)
    assert not many.interrupted
    assert many.summary() == one.summary()


def test_a_scheduler_that_goes_away_leaves_the_complete_replications(cluster: distributed.LocalCluster) -> None:
    """The connection is lost after the third replication: it and those before count, the others are missing."""

    def go(progress: Progress) -> None:
        if progress.done == 3:
            cluster.close()

    result = run(random_hours(), replications=200, seed=7, cluster=cluster.scheduler_address, progress=go)
    assert result.interrupted
    done = result.replications
    assert 3 <= done < 200
    assert result.ended.startswith("workers were lost 3 times one after the other (")
    assert result.ended.endswith(f") after {done} complete replications; {200 - done} are missing")
    alone = run(random_hours(), replications=done, seed=7)
    assert result.measure("answered").equals(alone.measure("answered"))


def test_a_cluster_without_workers_is_refused_with_what_to_do() -> None:
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=":0", silence_logs=60) as empty,
        pytest.raises(ClusterError, match=r"the cluster has no workers; start some with: dask worker tcp://127"),
    ):
        cluster_crew(empty.scheduler_address)
