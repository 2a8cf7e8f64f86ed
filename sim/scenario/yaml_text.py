"""YAML text as plain data with the place of every value: YAML 1.2 core scalars, no duplicate keys, limits on size."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.errors import Key, Place, Problem, ScenarioError
from sim.scenario.tables import FileName

LARGEST_TEXT_BYTES = 32 * 1024 * 1024
DEEPEST = 40
LONGEST_NUMBER = 400
MOST_VALUES = 1_000_000
"""Values after aliases are expanded: a scenario of this size is an alias bomb or a table that belongs in a CSV."""

Scalar = str | int | float | bool | None

_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o([0-7]+)|0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Node:
    """A value and where it was written."""

    value: "dict[str, Node] | list[Node] | Scalar"
    place: Place
    key_place: Place | None = None
    """Where its key was written, in a mapping."""

    def plain(self) -> Any:
        """Give the value as dict, list, str, int, float, bool or None."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, key: str | int) -> "Node | None":
        """Give the value under a key or at a position, if there is one."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None


def read_yaml(text: str | bytes, source: str, folder: Path | None = None) -> Node:
    """Read one YAML document.

    Parameters
    ----------
    text
        The document; bytes must be UTF-8.
    source
        What places call it.
    folder
        What the values of `file` keys are relative to.

    Raises
    ------
    ScenarioError
        If it is not one sound YAML document within the limits; with all duplicate keys at once.
    """
    if isinstance(text, bytes):
        given = text
        try:
            text = given.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = given[: error.start]
            line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
            raise _refused(Place(source, line, column), "the file is not UTF-8 text") from None
    if len(text) > LARGEST_TEXT_BYTES:
        raise _refused(Place(source, 1, 1), f"the file is larger than {LARGEST_TEXT_BYTES // 1024**2} MiB")
    return _Reader(source, folder).read(text)


def _refused(place: Place, message: str) -> ScenarioError:
    return ScenarioError([Problem(place, "", message)])


class _Reader:
    def __init__(self, source: str, folder: Path | None) -> None:
        self.source = source
        self.folder = folder
        self.problems: list[Problem] = []
        self.sizes: dict[int, int] = {}

    def read(self, text: str) -> Node:
        self._refuse_forms(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        except yaml.YAMLError as error:
            raise self._unreadable(error, text) from None
        finally:
            loader.dispose()
        if node is None:
            raise _refused(Place(self.source, 1, 1), "the file is empty; `madoguchi init` writes one to begin with")
        if self._size(node, 0) > MOST_VALUES:
            raise _refused(Place(self.source, 1, 1), f"more than {MOST_VALUES:,} values, with aliases expanded")
        read = self._node(node, (), None)
        if self.problems:
            raise ScenarioError(self.problems)
        return read

    def _refuse_forms(self, text: str) -> None:
        """Refuse tags, and deep nesting before the composer, which recurses, sees it."""
        depth = 0
        loader = _Loader(text)
        try:
            while loader.check_event():
                event = loader.get_event()
                if tag := getattr(event, "tag", None):
                    raise _refused(self._place(event), f"the tag {tag.replace(_TAG, '!!')} is not read; leave it out")
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                    if depth > DEEPEST:
                        raise _refused(self._place(event), f"nested more than {DEEPEST} levels deep")
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
        except yaml.YAMLError as error:
            raise self._unreadable(error, text) from None
        finally:
            loader.dispose()

    def _unreadable(self, error: yaml.YAMLError, text: str) -> ScenarioError:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Place(self.source, mark.line + 1, mark.column + 1) if mark else Place(self.source, 1, 1)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        context = getattr(error, "context", None)
        if "expected a single document" in str(context):
            return _refused(place, "a second document begins here; a scenario is one document, without ---")
        lines = text.splitlines()
        at = lines[mark.line][mark.column : mark.column + 1] if mark and mark.line < len(lines) else ""
        hint = " (indent with spaces; YAML allows no tabs)" if at == "\t" else ""
        return _refused(place, f"not YAML: {said}{hint}")

    def _place(self, node: Any) -> Place:
        return Place(self.source, node.start_mark.line + 1, node.start_mark.column + 1)

    def _problem(self, node: Any, key: Key, message: str) -> None:
        self.problems.append(Problem(self._place(node), ".".join(map(str, key)), message))

    def _size(self, node: Any, depth: int) -> int:
        """Count the values of a node with aliases expanded, without expanding them."""
        if depth > DEEPEST:
            raise _refused(self._place(node), f"nested more than {DEEPEST} levels deep, with aliases expanded")
        if id(node) not in self.sizes:
            parts = []
            if isinstance(node, yaml.MappingNode):
                parts = [part for pair in node.value for part in pair]
            elif isinstance(node, yaml.SequenceNode):
                parts = node.value
            self.sizes[id(node)] = 1 + sum(self._size(part, depth + 1) for part in parts)
        return self.sizes[id(node)]

    def _node(self, node: Any, key: Key, key_place: Place | None) -> Node:
        value: dict[str, Node] | list[Node] | Scalar
        if isinstance(node, yaml.MappingNode):
            value = self._mapping(node, key)
        elif isinstance(node, yaml.SequenceNode):
            value = [self._node(item, (*key, at), None) for at, item in enumerate(node.value)]
        else:
            value = self._scalar(node, key)
        return Node(value, self._place(node), key_place)

    def _mapping(self, node: Any, key: Key) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(key_node, key, "a key must be a plain word or text")
                continue
            name = key_node.value
            below = (*key, name)
            if name == "<<" and not key_node.style:
                self._problem(key_node, key, "merge keys `<<` are not read; use `extends`, or repeat the keys")
                continue
            if name in found:
                self._problem(key_node, below, f"this key is already on line {self._first(found[name])}")
                continue
            child = self._node(value_node, below, self._place(key_node))
            if name == "file" and isinstance(child.value, str) and self.folder is not None:
                child = Node(FileName(child.value, self.folder), child.place, child.key_place)
            found[name] = child
        return found

    @staticmethod
    def _first(node: Node) -> str:
        place = node.key_place or node.place
        return f"{place.line}, column {place.column}"

    def _scalar(self, node: Any, key: Key) -> Scalar:
        """Read a scalar: quoted it is a text, plain it is read by the core schema of YAML 1.2."""
        text: str = node.value
        if node.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if len(text) > LONGEST_NUMBER or text[0] not in "+-.0123456789":
            return text
        number = _number(text)
        if isinstance(number, float) and not math.isfinite(number):
            self._problem(node, key, f"got {text}, must be a finite number")
            return None
        return text if number is None else number


def _number(text: str) -> int | float | None:
    """Read a plain scalar as a number of YAML's core schema; None if it is none."""
    if _INT.fullmatch(text):
        return int(text)
    if based := _BASED.fullmatch(text):
        return int(based[1], 8) if based[1] else int(based[2], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    return math.nan if _NOT_FINITE.fullmatch(text) else None
