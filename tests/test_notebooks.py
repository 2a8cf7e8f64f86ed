"""The notebooks as they are stored; `.ci/run` executes each from a fresh kernel."""

import ast
import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def faults_of(notebook: dict[str, Any]) -> list[str]:
    """Return what is wrong with a stored notebook, each as a sentence."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    faults = []
    if any(cell["outputs"] or cell["execution_count"] is not None for cell in code):
        faults.append("it is stored with output; clear it: jupyter nbconvert --clear-output --inplace FILE")
    heading = "".join(cells[0]["source"]).splitlines()[0]
    if cells[0]["cell_type"] != "markdown" or not (heading.startswith("# ") and heading.endswith("?")):
        faults.append("it does not open with its question")
    if "".join(cells[-2]["source"]) != "## Answer" or "Markdown(" not in "".join(cells[-1]["source"]):
        faults.append("it does not end with an answer that it computed")
    return faults


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_a_question_ends_with_an_answer_and_is_stored_without_output(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert faults_of(notebook) == []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))


def test_notebooks_are_shipped() -> None:
    assert {"first_steps", "what_if", "quality_against_speed"} <= {path.stem for path in NOTEBOOKS}


def test_faults_are_found() -> None:
    """Output, a statement for a question, and numbers that were typed in."""

    def code(source: str, outputs: list[Any]) -> dict[str, Any]:
        return {"cell_type": "code", "source": [source], "outputs": outputs, "execution_count": None}

    def text(source: str) -> dict[str, Any]:
        return {"cell_type": "markdown", "source": [source]}

    cells = [text("# Service levels"), code("1", [{"text": "1"}]), text("It is 80 %.")]
    assert len(faults_of({"cells": cells})) == 3
    sound = [text("# Is it enough?\n\nA desk."), code("x = 1", []), text("## Answer"), code("Markdown(str(x))", [])]
    assert faults_of({"cells": sound}) == []


@pytest.mark.slow
def test_every_cell_that_draws_shows_its_figure() -> None:
    """In a fresh kernel, not only the first one."""
    import nbclient  # noqa: PLC0415
    import nbformat  # noqa: PLC0415

    notebook = nbformat.v4.new_notebook()
    sources = (
        "import sim\nfrom tests.experiment.desks import replayed\nresult = sim.run(replayed(), replications=2)",
        "sim.figures.waits(result);",
        "sim.figures.queue_length(result);",
    )
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    root = str(Path(__file__).parent.parent)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": root}})
    asyncio.run(client.async_execute())  # `execute` leaves a loop behind that another test is blamed for
    shown = [[kind for output in cell.outputs for kind in output.get("data", {})] for cell in notebook.cells[1:]]
    assert ["image/png" in kinds for kinds in shown] == [True, True]
