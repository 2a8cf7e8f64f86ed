"""YAML text as plain data with the place of every value: YAML 1.2 core scalars, no duplicate keys, limits on size."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.errors import Key, Place, Problem, ScenarioError
from sim.scenario.tables import FileName

LARGEST_TEXT_BYTES = 32 * 1024 * 1024
DEEPEST = 40
MOST_VALUES = 2_000_000
"""Values after aliases are expanded: a scenario of this size is an alias bomb or a table that belongs in a CSV."""

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o([0-7]+)")
_HEX = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAG = "tag:yaml.org,2002:"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Placed:
    """Plain data (dict, list, str, int, float, bool, None) and where each of its keys and values was written."""

    data: Any
    values: dict[Key, Place] = field(default_factory=dict)
    keys: dict[Key, Place] = field(default_factory=dict)


def read_yaml(text: str | bytes, source: str, folder: Path | None = None) -> Placed:
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
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = text[: error.start]
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
        self.values = 0
        self.placed = Placed(None)

    def read(self, text: str) -> Placed:
        self._refuse_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        except yaml.YAMLError as error:
            raise self._unreadable(error, text) from None
        finally:
            loader.dispose()
        if node is None:
            raise _refused(Place(self.source, 1, 1), "the file is empty; `madoguchi init` writes one to begin with")
        self.placed.data = self._plain(node, (), 0)
        if self.problems:
            raise ScenarioError(self.problems)
        return self.placed

    def _refuse_depth(self, text: str) -> None:
        """Refuse deep nesting before the composer, which recurses, sees it."""
        depth = 0
        loader = _Loader(text)
        try:
            while loader.check_event():
                event = loader.get_event()
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

    def _plain(self, node: Any, key: Key, depth: int) -> Any:
        self.values += 1
        if self.values > MOST_VALUES or depth > DEEPEST:
            message = f"more than {MOST_VALUES:,} values or {DEEPEST} levels (aliases expanded)"
            raise _refused(self._place(node), message)
        self.placed.values[key] = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*key, position), depth + 1) for position, item in enumerate(node.value)]
        return self._scalar(node, key)

    def _mapping(self, node: Any, key: Key, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
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
                first = self.placed.keys[below]
                self._problem(key_node, below, f"this key is already on line {first.line}, column {first.column}")
                continue
            self.placed.keys[below] = self._place(key_node)
            value = self._plain(value_node, below, depth + 1)
            if name == "file" and isinstance(value, str) and self.folder is not None:
                value = FileName(value, self.folder)
            found[name] = value
        return found

    def _scalar(self, node: Any, key: Key) -> Any:
        text = node.value
        if node.style or node.tag == "!":
            return text
        explicit = node.tag.startswith("!") or (node.tag.startswith(_TAG) and self._tagged(node))
        if explicit:
            self._problem(node, key, f"the tag {node.tag.replace(_TAG, '!!')} is not read; leave it out")
            return None
        return self._core(text, node, key)

    def _tagged(self, node: Any) -> bool:
        """Tell a written tag from one that the YAML 1.1 resolver put there."""
        return node.tag in (f"{_TAG}binary", f"{_TAG}set", f"{_TAG}omap", f"{_TAG}pairs")

    def _core(self, text: str, node: Any, key: Key) -> Any:
        """Read a plain scalar by the core schema of YAML 1.2."""
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if _NOT_FINITE.fullmatch(text):
            self._problem(node, key, f"got {text}, must be a finite number")
            return None
        if len(text) > 400:
            return text
        if _INT.fullmatch(text):
            return int(text)
        if octal := _OCTAL.fullmatch(text):
            return int(octal[1], 8)
        if hexadecimal := _HEX.fullmatch(text):
            return int(hexadecimal[1], 16)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                self._problem(node, key, f"got {text}, must be a finite number")
                return None
            return number
        return text
