"""SARIF 2.1.0 (OASIS), for code scanning services and editors."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping

from umbmarket import home
from umbmarket._version import __version__
from umbmarket.check.report import Report
from umbmarket.findings import Edit, Finding, Fix, Region, Related, Source, Span
from umbmarket.output import OutputOptions
from umbmarket.output.identity import Identities, snippet_of
from umbmarket.output.json_text import json_data, to_json, whole_text
from umbmarket.output.locations import Places, from_root, is_absolute, message_of, uri_of
from umbmarket.output.plain import plain
from umbmarket.output.sarif_rules import LEVELS, descriptor, sentences
from umbmarket.output.source_lines import SourceLines

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The address that OASIS publishes the schema of SARIF 2.1.0 under."""

ROOT = "%SRCROOT%"
"""What relative URIs start from: the root of the git working tree. The name is the one that services know."""

FINGERPRINT = "umbmarket/v1"
"""Name of the fingerprint, with the version of how it is made."""

SNIPPET_LIMIT = 400
"""Code points of a place that is quoted in its region; a longer one is not: half a quote is untrue."""

WHOLE_FILE = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
"""The region of a finding about a file as a whole. SARIF would let it be absent, but GitHub's code scanning
asks for these four, and it refuses a log whole for one result that it cannot place."""

LARGEST_PLACED = 64 * 1024
"""Bytes of a file up to which edits are given their lines and columns; twice what a listing can use."""

_LINE_LEVELS = 4
"""The results each on a line of their own: log, runs, run, results."""

_LINK = re.compile(r"\](?=\()")


def render(report: Report, options: OutputOptions) -> str:
    """The report as a SARIF log of one run, in ASCII.

    Of the rules it describes those that found something: the report does not say which others ran. Of the
    options only `uri_prefix` counts.
    """
    codes = sorted({finding.code for finding in report.findings})
    examples = {finding.code: finding for finding in reversed(report.findings)}
    driver = {
        "name": "umbmarket",
        # An address has to be absolute, so there is none as long as the product has no home.
        **({"informationUri": home.HOME} if home.HOME else {}),
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [descriptor(examples[code], report.rules.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the git working tree."}}},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": _results(report, codes, options.uri_prefix),
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, _LINE_LEVELS)


def _invocation(report: Report) -> dict[str, object]:
    """Whether the tool itself did its work, and what it has to say about that."""
    return {
        "executionSuccessful": not report.failures,
        "exitCode": int(report.exit_code),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": _text(failure)}} for failure in report.failures
        ],
        "toolConfigurationNotifications": [
            {"level": "note", "message": {"text": _text(note)}} for note in report.notes
        ],
    }


def _results(report: Report, codes: Iterable[str], prefix: str) -> list[dict[str, object]]:
    index_of = {code: index for index, code in enumerate(codes)}
    identities = Identities()
    lines = SourceLines()
    places = Places(report, prefix)
    results: list[dict[str, object]] = []
    for finding in report.findings:
        source = report.sources.get(finding.path)
        snippet = snippet_of(finding.region, source, lines)
        location = _artifact(finding.file, prefix)
        instead = places.instead(finding)
        identity = identities.of(finding, location["uri"], snippet)
        message = [_text(message_of(finding)), _text(finding.help)]
        result: dict[str, object] = {
            "ruleId": whole_text(finding.code),
            "ruleIndex": index_of[finding.code],
            "level": LEVELS[finding.severity],
            "message": {"text": sentences(*message)},
            "locations": [
                _location(finding, location, snippet) if instead is None else _further_place(instead, prefix),
            ],
            "partialFingerprints": {FINGERPRINT: identity},
        }
        if fixes := _fixes(finding, location, report.sources, prefix):
            result["fixes"] = fixes
        related = [each for each in finding.related if each != instead]
        if instead is not None:
            related.insert(0, Related(finding.file, finding.member, finding.region, "the package"))
        if related:
            result["relatedLocations"] = [
                {"id": number, **_further_place(each, prefix)} for number, each in enumerate(related, 1)
            ]
        properties: dict[str, object] = {}
        if finding.args:
            properties["args"] = json_data(finding.args)
        if finding.estimate:
            properties["estimate"] = True
        if properties:
            result["properties"] = properties
        results.append(result)
    return results


def _text(text: str) -> str:
    """A message in SARIF's plain text, in which `[text](target)` is a link: one from a file shall not be."""
    return _LINK.sub("] ", plain(text))


def _artifact(file: str, prefix: str) -> dict[str, str]:
    """Where a file lies: below the root, or outside of it at a place that only its own URI says."""
    path = from_root(file, prefix)
    if is_absolute(path) or path.startswith("../"):
        return {"uri": uri_of(path)}
    return {"uri": uri_of(path), "uriBaseId": ROOT}


def _location(finding: Finding, artifact: dict[str, str], snippet: str | None) -> dict[str, object]:
    """A place in a file; of one in an archive the archive, as no service shows a member."""
    region: dict[str, object] = dict(WHOLE_FILE)
    if finding.region and finding.member is None:
        region = _region(finding.region)
        if snippet is not None and len(snippet) <= SNIPPET_LIMIT:
            region["snippet"] = {"text": whole_text(snippet)}
    location: dict[str, object] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": whole_text(finding.pointer)}]
    return location


def _further_place(related: Related, prefix: str) -> dict[str, object]:
    """A place with what stands there; inside an archive the archive, and the member in words."""
    region = _region(related.region) if related.region and related.member is None else dict(WHOLE_FILE)
    where = f" (in {related.member})" if related.member is not None else ""
    return {
        "message": {"text": sentences(_text(f"{related.message}{where}"))},
        "physicalLocation": {"artifactLocation": _artifact(related.file, prefix), "region": region},
    }


def _region(region: Region) -> dict[str, object]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "byteOffset": region.start,
        "byteLength": region.end - region.start,
    }


def _fixes(
    finding: Finding, artifact: dict[str, str], sources: Mapping[str, Source], prefix: str
) -> list[dict[str, object]]:
    """The fixes of a finding in UTF-8 files; another encoding could not be told to the reader."""
    fixes: list[dict[str, object]] = []
    for fix in finding.fixes:
        elsewhere = fix.file is not None and fix.file != finding.file
        source = sources.get(fix.file if elsewhere and fix.file is not None else finding.path)
        if not fix.edits or source is None or source.encoding != "utf-8" or not source.is_sound:
            continue
        if elsewhere and fix.file is not None:
            fixes.append(_fix(fix, None, _artifact(fix.file, prefix), source, prefix))
        elif finding.member is None:
            fixes.append(_fix(fix, finding.region, artifact, source, prefix))
    return [fix for number, fix in enumerate(fixes) if fix not in fixes[:number]]


def _fix(fix: Fix, region: Region | None, artifact: dict[str, str], source: Source, prefix: str) -> dict[str, object]:
    replacements = [_replacement(edit, region, source) for edit in fix.edits]
    artifacts = [artifact, *(_artifact(path, prefix) for path in fix.also)]
    return {
        "description": {"text": _text(fix.title)},
        "artifactChanges": [{"artifactLocation": each, "replacements": replacements} for each in artifacts],
        "properties": {"safety": fix.safety},
    }


def _replacement(edit: Edit, region: Region | None, source: Source) -> dict[str, object]:
    """One edit as a region of text, or as one of bytes where that is not to be had.

    That is the byte order mark, which is no text, and a file so large that finding the line of each edit
    would take long. SARIF wants text for the one kind of region and Base64 for the other (3.57.4).
    """
    text = whole_text(edit.text)
    if region and (region.start, region.end) == (edit.start, edit.end):
        return {"deletedRegion": _region(region), "insertedContent": {"text": text}}
    if edit.start < source.byte_offset(0) or len(source.data) > LARGEST_PLACED:
        removed = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
        return {"deletedRegion": removed, "insertedContent": {"binary": b64encode(text.encode()).decode()}}
    region = source.region(Span(source.offset_of_byte(edit.start), source.offset_of_byte(edit.end)))
    return {"deletedRegion": _region(region), "insertedContent": {"text": text}}
