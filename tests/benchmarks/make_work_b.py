"""Write the tables of ``work_b.yaml`` from the yardstick's ``model_b.txt``.

``python tests/benchmarks/make_work_b.py MODEL_B_TXT`` writes arrival weights by channel and numbers of people by pool,
one row a quarter hour, into ``work_b/``. The tables are committed, so that tests need nothing else.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = datetime(2026, 3, 2)
QUARTER = timedelta(minutes=15)
CHANNELS = ("phone", "chat", "mail")
POOLS = ("phone_agents", "chat_slots", "mail_agents", "technicians")


def read_model(path: Path) -> list[list[str]]:
    """Return the model's rows: number of the quarter hour, arrivals a minute by channel, capacity by pool."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row and row[0] not in ("#", "par")]


def write_tables(rows: list[list[str]], folder: Path) -> None:
    """Write one profile a channel (weekday, time, weight) and one staffing table a pool (start, agents)."""
    starts = [MONDAY + QUARTER * number for number in range(len(rows))]
    for column, channel in enumerate(CHANNELS, start=1):
        lines = [
            f"{WEEKDAYS[start.weekday()]},{start:%H:%M},{row[column]}" for start, row in zip(starts, rows, strict=True)
        ]
        (folder / f"{channel}.csv").write_text("\n".join(["weekday,time,weight", *lines, ""]), encoding="utf-8")
    for column, pool in enumerate(POOLS, start=1 + len(CHANNELS)):
        lines = [f"{start:%Y-%m-%d %H:%M},{row[column]}" for start, row in zip(starts, rows, strict=True)]
        (folder / f"{pool}.csv").write_text("\n".join(["start,agents", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    write_tables(read_model(Path(sys.argv[1])), Path(__file__).parent / "work_b")
