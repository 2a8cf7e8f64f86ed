"""The most memory that a run takes above its start, each in a process of its own.

``python -m tests.benchmarks.memory FIRST REPLICATIONS`` is that process: it reads a pickled scenario from its standard
input and writes MiB at the peak above the start, MiB of what is kept of the replications, inquiries, and the number of
the replication with most contacts, as JSON: many replications are held against the largest of them alone. The start
is where all is imported, the engine is loaded and one replication of a small scenario is done. What is kept is counted
when it is most, just before blocks of histograms are put together.
"""

import json
import pickle
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sim.demand.arrivals import ArrivalPlan
from sim.experiment.collect import Collected
from sim.experiment.line import Line
from sim.experiment.replicate import run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.benchmarks.sizes import SHIPPED, erlang_a
from tests.benchmarks.table import Goal, Row

ROOT = Path(__file__).parents[2]
INQUIRIES = 1_000_000
MANY = 100
MIB = 2**20
GOALS: Final = {"work A": Goal("at most", 400.0, " MiB"), "support_week.yaml": Goal("at most", 900.0, " MiB")}
GOAL_OF_MANY = Goal("at most", 1.05)
"""Many replications, in one and what is kept of them; 5 % are the allocator's."""
SMALL = SHIPPED / "tiny.yaml"
STATUS = Path("/proc/self/status")


def support_week(inquiries: int) -> Scenario:
    """Give `support_week.yaml` with so many inquiries, and as many times its people, lines and room to wait."""
    path = SHIPPED / "support_week.yaml"
    times = round(inquiries / ArrivalPlan(load(path)).expected_inquiries)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    del document["variants"]
    changes: dict[str, Any] = {"demand.scale": f"{times * 100} %"}
    for name, group in document["agent_groups"].items():
        for shift, said in group["shifts"].items():
            changes[f"agent_groups.{name}.shifts.{shift}.headcount"] = _multiplied(said["headcount"], times)
        if "exceptions" in group:
            changed = [
                one | {"date": str(one["date"]), "headcount": _multiplied(one["headcount"], times)}
                for one in group["exceptions"]
            ]
            changes[f"agent_groups.{name}.exceptions"] = changed
    for name, key in (("phone", "lines"), ("chat", "queue_limit")):
        changes[f"channels.{name}.{key}"] = document["channels"][name][key] * times
    return load(path, changes)


def _multiplied(headcount: int | Mapping[str, int], times: int) -> int | dict[str, int]:
    if isinstance(headcount, int):
        return headcount * times
    return {days: number * times for days, number in headcount.items()}


def rows(many: int = MANY) -> Iterator[Row]:
    """Tell what a million inquiries take in one replication, and what many replications take."""
    for name, scenario in (("work A", erlang_a(100, INQUIRIES)), ("support_week.yaml", support_week(INQUIRIES))):
        several = peak_of(scenario, 0, many)
        one = peak_of(scenario, several["largest"], 1)
        work, rate = f"{name}, {one['inquiries']:,.0f} inquiries", f"{one['peak']:,.0f} MiB above start"
        yield Row(work, "MiB of one replication", rate, one["peak"], GOALS[name])
        rate = f"{several['peak']:,.0f} MiB, of which {several['kept']:,.1f} are kept sums"
        ratio = several["peak"] / (one["peak"] + several["kept"])
        yield Row(work, f"{many} replications ÷ one and sums", rate, ratio, GOAL_OF_MANY)


def peak_of(scenario: Scenario, first: int, replications: int) -> dict[str, Any]:
    """Give what replications take in a process of their own: MiB at the peak and of what is kept, and inquiries."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(first), str(replications)]
    ran = subprocess.run(command, cwd=ROOT, input=pickle.dumps(scenario), capture_output=True, check=True)
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def _highest() -> float:
    """Give the most memory of this process so far, MiB.

    Linux says it of this program alone; `ru_maxrss` there begins with what the process was before it became this
    program.
    """
    if STATUS.exists():
        fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MIB if sys.platform == "darwin" else 1024)


def _bytes_kept(collected: Collected) -> int:
    """Give the bytes of what is kept of replications: sums by day, and histograms."""
    days = [part for replication in collected.days for days in replication.values() for _, part in days.parts]
    histograms = [histogram for part in collected.blocks.parts for histogram in part.histograms.values()]
    return sum(part.nbytes for part in days) + sum(one.key.nbytes + one.count.nbytes for one in histograms)


def _measure(first: int, replications: int) -> None:
    scenario: Scenario = pickle.load(sys.stdin.buffer)
    run(load(SMALL), replications=1).summary()
    start = _highest()
    line = Line(scenario)
    collected, kept, contacts = line.collecting(), 0, []
    for number in range(first, first + replications):
        hand = line.deal(1, number)
        contacts.append(len(hand.contacts.at))
        collected.add(line.gather(line.account(hand, line.play(hand))))
        del hand
        kept = max(kept, _bytes_kept(collected))
    said = {
        "peak": _highest() - start,
        "kept": kept / MIB,
        "inquiries": ArrivalPlan(scenario).expected_inquiries,
        "largest": first + contacts.index(max(contacts)),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    _measure(int(sys.argv[1]), int(sys.argv[2]))
