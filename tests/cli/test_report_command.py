"""The command `report`: a stored run as a page."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.calls import Command


@pytest.fixture
def folder(madoguchi: Command, tiny: Path, tmp_path: Path) -> Path:
    """What a run wrote, with figures beside it; the scenario's name is no markup."""
    text = tiny.read_text(encoding="utf-8").replace("name: Tiny desk", "name: Tiny *<desk>*")
    tiny.write_text(text, encoding="utf-8")
    run = ("run", tiny, "--replications", 2, "--quiet", "--workers", 1)
    madoguchi(*run, "--out", tmp_path / "run", "--figures", tmp_path / "run")
    return tmp_path / "run"


def test_a_stored_run_is_printed_as_markdown(madoguchi: Command, folder: Path) -> None:
    """One of two calls waits 60 s; both take 1.5 min, in an hour with one agent at 30 EUR."""
    ran = madoguchi("report", folder)
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.split("\n")
    assert lines[0] == "# Tiny \\*\\<desk\\>\\*"
    assert lines[2].startswith("Seed 1; 2 replications, as asked. Scenario ")
    assert "| fail | phone service\\_level within 20 s ≥ 80 % | 50 % ± 0 | 0 % (≤ 84) |" in lines
    assert "| cost | 30 EUR ± 0 |" in lines
    channel = lines[lines.index("## By channel") + 2 :]
    assert channel[0].startswith("| channel | offered | service level, 20 s | service level, 1 min | ")
    assert channel[2].startswith("| phone | 2 ± 0 | 50 % ± 0 | 100 % (≥ 40) | ")
    assert "abandonment" in channel[0]
    assert "![waits](waits.png)" in lines
    assert any(line.startswith("- **occupancy**: Handling ÷ (handling + free)") for line in lines)


def test_html_needs_no_other_file(madoguchi: Command, folder: Path, tmp_path: Path) -> None:
    ran = madoguchi("report", folder, "--out", tmp_path / "new" / "page.html")
    assert (ran.status, ran.out, ran.err) == (0, "", f"wrote {tmp_path / 'new' / 'page.html'}\n")
    text = (tmp_path / "new" / "page.html").read_text(encoding="utf-8")
    assert "<h1>Tiny *&lt;desk&gt;*</h1>" in text
    page = ElementTree.fromstring(text.removeprefix("<!doctype html>\n").replace('<meta charset="utf-8">', ""))
    assert [image.get("alt") for image in page.iter("img")] == ["queues_and_agents", "service_level_phone", "waits"]
    assert all((image.get("src") or "").startswith("data:image/png;base64,iVBOR") for image in page.iter("img"))
    cells = [cell for cell in page.iter("td") if cell.get("class")]
    assert [cell.get("class") for cell in cells] == ["fail", "undecided"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "summary.json: cannot be read (No such file or directory); name a folder that `madoguchi run SCENARIO"),
        ("{", "summary.json: is not JSON; name a folder"),
        ("[]", "summary.json: got layout nothing, must be 1 of a run's summary"),
        (json.dumps({"schema": 0}), "summary.json: got layout 0, must be 1 of a run's summary; run the scenario anew"),
    ],
)
def test_a_folder_without_a_run_is_refused(madoguchi: Command, tmp_path: Path, written: str | None, said: str) -> None:
    if written is not None:
        (tmp_path / "summary.json").write_text(written, encoding="utf-8")
    ran = madoguchi("report", tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_the_ending_decides_what_is_written(madoguchi: Command, folder: Path) -> None:
    assert madoguchi("report", folder, "--out", folder / "page.md").status == 0
    assert (folder / "page.md").read_text(encoding="utf-8") == madoguchi("report", folder).out
    ran = madoguchi("report", folder, "--out", "page.pdf")
    assert (ran.status, ran.err) == (2, "--out: got 'page.pdf', must be a file that ends in .html or .md\n")
