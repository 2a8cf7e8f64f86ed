"""Verdicts as JUnit XML, which CI systems read: a suite for each scenario, a case for each target and baseline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from sim.check.verdicts import BaselineVerdict, TargetVerdict, Verdicts
    from sim.scenario.errors import Problem

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(verdicts: Verdicts) -> str:
    """Give the verdicts: `fail` is a failure, an undecided one an error, unless it counts as a pass."""
    suites = ET.Element("testsuites", name="madoguchi check")
    for file in verdicts.files:
        suite = ET.SubElement(suites, "testsuite", name=_text(file.file))
        for one in file:
            _add(suite, one)
        _count(suite)
    return _written(suites)


def junit_of_refusal(file: str, message: str, problems: tuple[Problem, ...] = ()) -> str:
    """Give a case in error for each problem that kept a check from running."""
    suites = ET.Element("testsuites", name="madoguchi check")
    suite = ET.SubElement(suites, "testsuite", name=_text(file))
    for name, text in [(f"{problem.place} {problem.key}", problem.message) for problem in problems] or [
        (file, message)
    ]:
        case = ET.SubElement(suite, "testcase", classname=_text(file), name=_text(name))
        ET.SubElement(case, "error", message=_text(text.split("\n")[0])).text = _text(text)
    _count(suite)
    return _written(suites)


def _add(suite: ET.Element, one: TargetVerdict | BaselineVerdict) -> None:
    place = {"file": _text(one.place.source), "line": str(one.place.line or 1)}
    case = ET.SubElement(suite, "testcase", {"classname": _text(one.file), "name": _text(one.name), **place})
    said = _text(one.said())
    properties = ET.SubElement(case, "properties")
    for name, value in (("verdict", one.verdict), ("replications", str(one.replications))):
        ET.SubElement(properties, "property", name=name, value=value)
    if one.status:
        kind = "failure" if one.verdict == "fail" else "error"
        ET.SubElement(case, kind, message=said.split("\n")[0], type=one.verdict).text = f"{one.place}: {said}"
    else:
        ET.SubElement(case, "system-out").text = said


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))


def _written(suites: ET.Element) -> str:
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _text(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_IN_XML.sub("�", text)
