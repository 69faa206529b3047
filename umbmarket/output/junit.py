"""JUnit XML, for build services that show test results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from umbmarket.check.report import Report
from umbmarket.findings import Finding
from umbmarket.output import OutputOptions
from umbmarket.output.plain import plain
from umbmarket.output.wording import Headlines, related_line

CLEAN_CASE = "no findings"
"""Name of the one test of a file in which nothing was found."""


def render(report: Report, options: OutputOptions) -> str:
    """One suite: a test for each finding, a passing one for each file without, an error for each broken rule.

    A test fails when its finding makes the run fail (`--fail-on`), so that a build service that counts failed
    tests agrees with the exit code; a lesser finding is a passing test with its text as output. The text is
    ASCII, so that the encoding it names is right whatever it passes through. No option changes how it is
    written.
    """
    cases = [*_file_cases(report), *(_broken_rule_case(failure) for failure in report.failures)]
    _name_each_once(cases)
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(len(report.failures)),
        "skipped": "0",
    }
    suites = Element("testsuites", {"name": "umbmarket", **counts})
    SubElement(suites, "testsuite", {"name": "umbmarket", **counts}).extend(cases)
    indent(suites)
    written: bytes = tostring(suites, encoding="us-ascii", xml_declaration=True)
    return written.decode("ascii") + "\n"


def _file_cases(report: Report) -> Iterator[Element]:
    """The tests of each file, in the order of the files."""
    by_file: dict[str, list[Finding]] = {file.path: [] for file in report.files}
    for finding in report.findings:
        by_file.setdefault(finding.file, []).append(finding)
    for path, findings in by_file.items():
        if not findings:
            yield Element("testcase", {"classname": plain(path), "name": CLEAN_CASE, "file": plain(path)})
        for finding in findings:
            yield _finding_case(finding, report)


def _name_each_once(cases: Iterable[Element]) -> None:
    """Number the further tests of one name in a file: services merge them, and their results with them."""
    used: set[tuple[str, str]] = set()
    numbers: Counter[tuple[str, str]] = Counter()
    for case in cases:
        file, first = case.attrib["classname"], case.attrib["name"]
        name = first
        while (file, name) in used:
            numbers[file, first] += 1
            name = f"{first} ({numbers[file, first] + 1})"
        used.add((file, name))
        case.set("name", name)


def _finding_case(finding: Finding, report: Report) -> Element:
    """A test that says one finding; its name carries the position, as services merge tests of one name."""
    name = f"{finding.code} {finding.name}"
    if region := finding.region:
        member = f"{finding.member}:" if finding.member is not None else ""
        name = f"{name} at {member}{region.line}:{region.column}"
    file = plain(finding.file)
    attributes = {"classname": file, "name": plain(name), "file": file}
    if region and finding.member is None:
        attributes["line"] = str(region.line)
    case = Element("testcase", attributes)
    if report.fails(finding):
        outcome = SubElement(case, "failure", {"type": finding.severity.value, "message": plain(finding.message)})
    else:
        outcome = SubElement(case, "system-out")
    parts = [Headlines().of(finding), *map(related_line, finding.related)]
    parts += [f"{label}: {plain(text)}" for label, text in (("why", finding.why), ("help", finding.help)) if text]
    outcome.text = "\n".join(parts)
    return case


def _broken_rule_case(failure: str) -> Element:
    case = Element("testcase", {"classname": "umbmarket", "name": "internal failure"})
    SubElement(case, "error", {"type": "internal", "message": plain(failure)})
    return case
