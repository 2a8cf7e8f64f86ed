"""Plain data as YAML text that `yaml_text` reads back to the same data."""

import re
from typing import Any

WIDEST = 110
_PLAIN = re.compile(r"[A-Za-z_][\w .%/+-]*(?<! )")
_QUANTITY = re.compile(r"[0-9][0-9.]*(?:\.\.[0-9]+| +[A-Za-z%][\w %]*)(?<! )")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
"""Not plain texts to some reader of YAML."""


def write_yaml(data: Any) -> str:
    """Write a mapping as a YAML document: short parts on one line, long ones indented."""
    return "\n".join(_block(data, 0)) + "\n"


def flow(value: Any) -> str:
    """Write plain data on one line."""
    match value:
        case dict():
            text = "{" + ", ".join(f"{flow_key(key)}: {flow(below)}" for key, below in value.items()) + "}"
        case list() | tuple():
            text = "[" + ", ".join(flow(item) for item in value) + "]"
        case None:
            text = "null"
        case bool():
            text = "true" if value else "false"
        case int() | float():
            text = repr(value)
        case _:
            text = _text(str(value))
    return text


def flow_key(key: object) -> str:
    """Write the key of a mapping."""
    return _text(str(key))


def _text(text: str) -> str:
    if (_PLAIN.fullmatch(text) and text.lower() not in _WORDS) or _QUANTITY.fullmatch(text):
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _block(data: Any, indent: int) -> list[str]:
    pad = " " * indent
    lines: list[str] = []
    if isinstance(data, dict):
        for key, value in data.items():
            one = f"{pad}{flow_key(key)}: {flow(value)}"
            # Sections stand apart at the top; below it, what fits on a line is one.
            if (
                isinstance(value, dict | list)
                and value
                and (len(one) > WIDEST or (indent == 0 and isinstance(value, dict)))
            ):
                lines += [f"{pad}{flow_key(key)}:", *_block(value, indent + 2)]
            else:
                lines.append(one)
        return lines
    for item in data:
        one = f"{pad}- {flow(item)}"
        if isinstance(item, dict | list) and item and len(one) > WIDEST:
            first, *rest = _block(item, indent + 2)
            lines += [f"{pad}- {first.lstrip()}", *rest]
        else:
            lines.append(one)
    return lines
