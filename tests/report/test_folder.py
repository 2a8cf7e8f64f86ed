"""Output folders: all files or none, and nothing of anybody else touched."""

from pathlib import Path

import pytest

from sim.report.folder import OutputError, OutputFolder


def fail_while_writing(path: Path) -> None:
    """Finish one file, begin another, and fail."""
    with OutputFolder(path) as folder:
        with folder.writing("a.txt") as file:
            file.write("new")
        with folder.writing("b.txt") as file:
            file.write("half")
            raise ZeroDivisionError


def test_files_appear_together_at_the_end(tmp_path: Path) -> None:
    """Until they are published, no file has its name."""
    with OutputFolder(tmp_path / "out") as folder:
        with folder.writing("a.txt") as file:
            file.write("one\n")
        with folder.writing("b.txt") as file:
            file.write("two\n")
        assert not (tmp_path / "out/a.txt").exists()
        assert folder.publish() == [tmp_path / "out/a.txt", tmp_path / "out/b.txt"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        "a.txt": b"one\n",
        "b.txt": b"two\n",
    }


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    """What was half-written goes, and so do the folders that were made for it."""
    with pytest.raises(ZeroDivisionError):
        fail_while_writing(tmp_path / "new/deep")
    assert list(tmp_path.iterdir()) == []


def test_only_our_files_are_replaced(tmp_path: Path) -> None:
    """Notes beside an earlier run stay; its files are replaced."""
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "a.txt").write_text("old")
    with OutputFolder(tmp_path) as folder:
        with folder.writing("a.txt") as file:
            file.write("new")
        folder.publish()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "a.txt").read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 2


def test_an_error_leaves_an_earlier_run_as_it_was(tmp_path: Path) -> None:
    """A run that fails half-way does not mix its files with those of the run before."""
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_while_writing(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


@pytest.mark.parametrize("path", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_refused_on_entering(tmp_path: Path, path: str) -> None:
    """A file in the place of the folder is named before anything runs."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputError, match=r"--out .*file.*; name a folder that you may write to"),
        OutputFolder(tmp_path / path),
    ):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_folder_without_permission_is_refused_on_entering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the system does not let us write to is named, with the system's reason."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(OutputError, match=r"cannot be written to \(Permission denied\)"), OutputFolder(tmp_path):
        pass
