"""`madoguchi explain`: whose story, and what is said where there is none."""

from pathlib import Path

from tests.cli.calls import Command

PATIENT = ["--set", "channels.phone.patience=10 s"]
"""Of the tiny desk's two calls, the second would wait 60 s: it gives up after 10."""


def test_a_contact_is_told_by_its_number(madoguchi: Command, tiny: Path) -> None:
    """The number in contacts.csv, on the scenario's clock."""
    ran = madoguchi("explain", tiny, "--contact", 1)
    assert (ran.status, ran.err) == (0, "")
    first, second, *_ = ran.out.splitlines()
    assert first == "Contact 1 (phone, order), first contact"
    assert second == "Tiny desk; replication 0, seed 1; times of Europe/Paris"
    assert "\n  00:11:00  arrives by phone, which is open\n" in ran.out
    assert "clerks/1 takes it by row 1 of clerks 1 min after it came" in ran.out


def test_the_longest_wait_and_who_abandoned_are_found(madoguchi: Command, tiny: Path) -> None:
    """The second call of the two."""
    assert madoguchi("explain", tiny, "--longest-wait").out == madoguchi("explain", tiny, "--contact", 1).out
    gone = madoguchi("explain", tiny, "--abandoned", *PATIENT)
    assert gone.out.startswith("Contact 1 (phone, order)")
    assert "its patience runs out: it leaves the queue after 10 s" in gone.out


def test_nobody_abandoned_is_status_1(madoguchi: Command, tiny: Path) -> None:
    """Nothing is wrong, but there is no story to tell."""
    ran = madoguchi("explain", tiny, "--abandoned", "--replication", 3)
    assert (ran.status, ran.out, ran.err) == (1, "", "nobody abandoned in replication 3\n")


def test_a_contact_that_never_happened_is_named_with_some_that_did(madoguchi: Command, tiny: Path) -> None:
    """Beyond the last one, or a retry that nobody needed."""
    ran = madoguchi("explain", tiny, "--contact", 7)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("contact 7: did not come to happen in replication 0")
    assert ran.err.endswith("such as 0, 1\n")
    retry = ["--set", "channels.phone.retry={share: 100 %, after: 1 min}"]
    ran = madoguchi("explain", tiny, "--contact", 1, *retry)
    assert ran.status == 2
    assert "contact 1: did not come to happen" in ran.err


def test_exactly_one_contact_is_asked_for(madoguchi: Command, tiny: Path) -> None:
    """Neither none nor two."""
    for arguments in ([], ["--contact", 1, "--abandoned"], ["--longest-wait", "--abandoned"]):
        ran = madoguchi("explain", tiny, *arguments)
        assert ran.status == 2
        assert ran.err == "say whose story: one of --contact N, --longest-wait and --abandoned\n"


def test_what_is_wrong_with_the_scenario_comes_first(madoguchi: Command, tiny: Path) -> None:
    """As for a run."""
    ran = madoguchi("explain", tiny, "--contact", 0, "--set", "time.length=soon")
    assert (ran.status, ran.out) == (2, "")
    assert "time.length" in ran.err
