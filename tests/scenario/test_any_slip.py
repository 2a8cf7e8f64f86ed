"""Whatever slip is made in a scenario, it is accepted or refused with places: the loader never falls over."""

# ruff: noqa: E501  (the slips read as a table)

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.load import load, loads
from sim.scenario.yaml_write import write_yaml

DATA = Path(__file__).parent / "data"
EXAMPLE = load(DATA / "example.yaml").tree

SLIPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 200),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "all", "phone", "5 min", "-5 %", "120 %", "09:00-08:00", "mon-fri", "2026-04-06", "99:99", "é", "x" * 500]),
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["phone", 1, None, {}]), max_size=3),
    st.dictionaries(st.sampled_from(["file", "phone", "mean", "distribution", "mon-fri", "08:00"]), st.sampled_from([1, "5 min", None]), max_size=2),
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(below for key, child in pairs for below in places(child, (*at, key)))]


PLACES = [at for at in places(EXAMPLE) if at]


def slipped(value: Any, at: tuple[Any, ...], slip: Any) -> Any:
    if not at:
        return slip
    if isinstance(value, dict):
        return {**value, at[0]: slipped(value[at[0]], at[1:], slip)}
    return [slipped(child, at[1:], slip) if place == at[0] else child for place, child in enumerate(value)]


def problems(tree: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        loads(write_yaml(tree), folder=DATA)
    except ScenarioError as error:
        return error.problems
    return ()


@settings(max_examples=60)
@given(at=st.sampled_from(PLACES), slip=SLIPS)
def test_a_value_replaced_by_another_never_breaks_the_loader(at: tuple[Any, ...], slip: Any) -> None:
    """Every value of the large example, replaced by something else."""
    for problem in problems(slipped(EXAMPLE, at, slip)):
        assert problem.place.line is not None
        assert problem.message


@settings(max_examples=25)
@given(
    at=st.sampled_from([at for at in PLACES if isinstance(at[-1], str)]),
    key=st.sampled_from(["x", "phone", "on_x", "extra key"]),
)
def test_a_key_replaced_by_another_never_breaks_the_loader(at: tuple[Any, ...], key: str) -> None:
    """Every key of the large example, misspelt."""
    tree: Any = EXAMPLE
    for step in at[:-1]:
        tree = tree[step]
    renamed = {key if name == at[-1] else name: value for name, value in tree.items()}
    assert all(problem.place.line is not None for problem in problems(slipped(EXAMPLE, at[:-1], renamed)))
