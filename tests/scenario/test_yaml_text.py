"""YAML text becomes plain data by YAML 1.2, with places; what cannot be sound is refused with its place."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.yaml_text import read_yaml
from sim.scenario.yaml_write import write_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8:30", "8:30"),
        ("12:30:45", "12:30:45"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("+7", 7),
        ("true", True),
        ("~", None),
        ('"true"', "true"),
        ("'12'", "12"),
        ("2026-04-06", "2026-04-06"),
        ("52 %", "52 %"),
        ("1..10", "1..10"),
        ("=", "="),
        ("|\n  two\n  lines", "two\nlines"),
    ],
)
def test_scalars_are_read_by_yaml_1_2(text: str, value: object) -> None:
    """Clock times, NO and dates stay text; octal is 0o; only true and false are truths."""
    read = read_yaml(f"key: {text}", "file", None).plain()["key"]
    assert (read, type(read)) == (value, type(value))


def test_every_key_and_value_has_its_place() -> None:
    """Lines and columns count from 1."""
    read = read_yaml("a:\n  bc: [10, {d: x}]\n", "file", None)
    value = read.value["a"].value["bc"].value[1].value["d"]  # type: ignore[index,union-attr,call-overload]
    assert (str(value.place), str(value.key_place)) == ("file:2:16", "file:2:13")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (b"name: caf\xe9", "file:1:10", "not UTF-8"),
        (b"name: ok\nnote: \xff", "file:2:7", "not UTF-8"),
        ("", "file:1:1", "empty"),
        ("# nothing but this\n", "file:1:1", "empty"),
        ("a: 1\n\tb: 2", "file:2:1", "spaces"),
        ("a: [1, 2", "file:2:1", "not YAML"),
        ("a: 1\n---\nb: 2", "file:2:1", "second document"),
        ("a: 1\na: 2", "file:2:1", "already on line 1, column 1"),
        ("a: {b: 1, b: 2}", "file:1:11", "a.b: this key is already on line 1, column 5"),
        ("a: 1\nb: 2\na: 3\nb: 4", "file:4:1", "already on line 2"),
        ("? [a, b]\n: 1", "file:1:3", "a key must be"),
        ("a: !!python/object:os.system x", "file:1:4", "the tag"),
        ("a: !!str 5", "file:1:4", "the tag !!str"),
        ("a: &x [*x]", "file:1:4", "levels"),
        ("a: .inf", "file:1:4", "finite"),
        ("a: " + "[" * 60 + "]" * 60, "file:1:43", "levels deep"),
        ("a: *missing", "file:1:4", "not YAML"),
    ],
)
def test_text_that_is_not_one_sound_document_is_refused(text: str | bytes, place: str, said: str) -> None:
    """With the place; duplicate keys with both."""
    with pytest.raises(ScenarioError) as refused:
        read_yaml(text, "file", None)
    assert any(str(problem).startswith(f"{place}: ") and said in str(problem) for problem in refused.value.problems)


def test_an_alias_bomb_is_refused() -> None:
    """Nine levels of ten aliases would be a thousand million values."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ScenarioError, match="values"):
        read_yaml("\n".join(lines), "file", None)


def test_anchors_and_aliases_of_bearable_size_are_read() -> None:
    """An alias is the value again."""
    assert read_yaml("a: &x {b: 1}\nc: *x", "file", None).plain() == {"a": {"b": 1}, "c": {"b": 1}}


SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text() | st.text(alphabet=string.ascii_letters + string.digits + " :.%+-'\"#,{}[]&*!|>@`~\n\t", max_size=12)
DATA = st.recursive(
    SCALARS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(data=st.dictionaries(TEXTS, DATA, min_size=1, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    """Every plain datum survives writing and reading, texts that look like numbers included."""
    assert read_yaml(write_yaml(data), "file", None).plain() == data
