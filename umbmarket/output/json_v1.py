"""The JSON report, version 1: its types, and the report written as them.

Version 1 grows: properties that may be absent and new values of `kind` may be added; none changes its meaning, and none
goes. So a program that reads version 1 today, and passes over what it does not know, reads every later report of
version 1. A change that could break such a program gets a new version, a module of its own and a new name for
`--format`.

`schemas/report-v1.schema.json` is generated from the types; `generated_files` gives its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue
from pydantic.json_schema import SkipJsonSchema

from umbmarket import findings as found
from umbmarket._version import __version__
from umbmarket.check.catalogue import DOCS_PAGE, Rule
from umbmarket.check.report import Fixed as RunFixed
from umbmarket.check.report import Report as RunReport
from umbmarket.findings import visible
from umbmarket.output import OutputOptions
from umbmarket.output.json_text import json_data, to_json, whole_text
from umbmarket.output.model_schema import Written, schema_of, schema_text

SCHEMA_FILE = "schemas/report-v1.schema.json"
"""Where the schema lies in the source tree."""

_LINE_LEVELS = 2
"""Files and findings each on a line of their own."""

Count = Annotated[int, Field(ge=0)]
Position = Annotated[int, Field(ge=1)]


class Tool(Written):
    """The program that wrote the report."""

    name: Literal["umbmarket"] = Field(description="The name of the program.")
    version: str = Field(description="Its version, such as 0.1.0.")


class File(Written):
    """A file that was looked at, whether or not something was found in it."""

    path: str = Field(description="With forward slashes, relative to the working folder if the file is below it.")
    kind: str = Field(
        description="What the file is: listing is an umbraco-marketplace*.json file, package a .nupkg file, project a"
        " project file such as a .csproj, of which dotnet pack would make a package, Nuxeo package a"
        " package.xml with what lies beside it, or a ZIP with one. More kinds may be added."
    )
    parsed: Literal["strict", "tolerant", "no"] = Field(
        description="How it could be read: strict when it is what its kind asks for, tolerant when only a "
        "reader that overlooks mistakes makes something of it, no when nothing could be read."
    )
    schema_valid: bool | None = Field(
        description="The published schema's own verdict on the listing that was read; null when nothing "
        "could be read, for the source of a template, and for files that have no schema."
    )


class Edit(Written):
    """Replace the bytes from start up to end by a text."""

    start: Count = Field(description="Byte offset in the file of the first byte to replace, from 0.")
    end: Count = Field(description="Byte offset after the last byte to replace; equal to start for an insertion.")
    text: str = Field(description="What to put there, in the encoding of the file; empty to remove.")


class Fix(Written):
    """A way to make the finding go away: all of the edits, which do not overlap."""

    title: str = Field(description="What it does, for a person to choose by.")
    safety: Literal["safe", "unsafe"] = Field(
        description="A safe fix keeps the meaning of the file, an unsafe one guesses at it."
    )
    edits: list[Edit] = Field(description="All to be made together; offsets are those of the file as it is.")
    path: str | SkipJsonSchema[None] = Field(
        default=None, description="The file that the edits are in; absent where it is the finding's."
    )
    also: list[str] | SkipJsonSchema[None] = Field(
        default=None,
        description="Further files, equal to that one byte by byte, in which the same edits are to be made; absent"
        " where there are none.",
    )
    encoding: str | SkipJsonSchema[None] = Field(
        default=None,
        description="The encoding to write the texts in, where the fix makes the file one in another encoding; absent"
        " for the file's own.",
    )


class Related(Written):
    """A further place that helps to understand the finding."""

    path: str = Field(description="As the finding's path.")
    line: Position | None = Field(
        description="First line, from 1. This and the next three are null when the file as a whole is meant."
    )
    column: Position | None = Field(description="First column, from 1, counted in Unicode code points.")
    end_line: Position | None = Field(description="Last line.")
    end_column: Position | None = Field(description="Column after the last.")
    message: str = Field(description="What this place has to do with the finding.")


class Finding(Written):
    """One thing that is wrong or could be better."""

    code: str = Field(description="The rule's code, such as UMB104; it never changes its meaning.")
    name: str = Field(description="The rule's name, such as not-allowed-value.")
    severity: Literal["error", "warning", "info"] = Field(
        description="error: the package is not listed, or the listing or the value is ignored. warning: the "
        "listing looks different from what was meant, or no known fact settles the outcome. "
        "info: it could be better."
    )
    message: str = Field(description="One line that can be read alone. Its wording may change; go by code and args.")
    path: str = Field(description="The file, as in files; inside a package the member's name follows after '!/'.")
    pointer: str = Field(
        description="JSON Pointer (RFC 6901) of the value in a listing, element path in a nuspec or project; or empty."
    )
    line: Position | None = Field(
        description="First line, from 1. This and the next three are null when the file as a whole is meant."
    )
    column: Position | None = Field(description="First column, from 1, counted in Unicode code points.")
    end_line: Position | None = Field(description="Last line.")
    end_column: Position | None = Field(
        description="Column after the last; equal to column on the same line when an empty place is meant."
    )
    args: dict[str, JsonValue] = Field(description="The facts behind the message. Which there are depends on the rule.")
    help: str = Field(description="What to do about it; may be empty.")
    fixes: list[Fix] = Field(description="Ways to make it go away, the best first; often none.")
    docs: str = Field(description="Where the rule is documented.")
    related: list[Related] | SkipJsonSchema[None] = Field(
        default=None, description="Further places that help to understand the finding; absent for none."
    )
    estimate: bool | SkipJsonSchema[None] = Field(
        default=None,
        description="True where the finding rests on something observed or inferred instead of documented or measured;"
        " else absent.",
    )


class Fixed(Written):
    """A finding that was mended by ``--fix``; it is not among the findings, which are what is left."""

    code: str = Field(description="The rule's code.")
    name: str = Field(description="The rule's name.")
    message: str = Field(description="What was wrong.")
    path: str = Field(description="The file that the finding was in.")
    pointer: str = Field(description="As the finding's pointer, in the file as it was before this fix.")
    title: str = Field(description="What the fix did.")
    safety: Literal["safe", "unsafe"] = Field(
        description="A safe fix keeps the meaning of the file, an unsafe one guesses at it."
    )
    edited: list[str] = Field(description="The files that the fix changed.")


class Summary(Written):
    """The counts."""

    errors: Count = Field(description="Findings in this report that are errors.")
    warnings: Count = Field(description="Findings in this report that are warnings.")
    infos: Count = Field(description="Findings in this report that are infos.")
    suppressed: Count = Field(description="Findings that the settings ignore; they are not among the findings.")
    files: Count = Field(description="Files that were looked at.")
    capped: Count | SkipJsonSchema[None] = Field(
        default=None,
        description="Findings that are left out, because one file had very many of one rule; absent for none.",
    )
    hidden: Count | SkipJsonSchema[None] = Field(
        default=None,
        description="Findings that are left out, because they are below --min-severity; absent for none. They do not"
        " change the exit code.",
    )
    remarks: list[str] | SkipJsonSchema[None] = Field(
        default=None,
        description="What was planned from project files, and what was not looked at, a line each; absent for none.",
    )
    fixed: Count | SkipJsonSchema[None] = Field(
        default=None, description="Findings that were fixed; absent unless fixes were asked for."
    )


class Report(Written):
    """What `umbmarket validate --format json` writes."""

    version: Literal[1] = Field(description="Version of this format.")
    tool: Tool = Field(description="The program that wrote the report.")
    files: list[File] = Field(description="The files that were looked at, in the order they were named or found.")
    findings: list[Finding] = Field(description="What was found, ordered by file, place and code.")
    summary: Summary = Field(description="The counts.")
    fixed: list[Fixed] | SkipJsonSchema[None] = Field(
        default=None,
        description="What was fixed, in this order; absent unless fixes were asked for (--fix).",
    )


def render(report: RunReport, options: OutputOptions) -> str:
    """The report as JSON in ASCII, each file and each finding on one line. No option changes how it is written."""
    return to_json(report_v1(report).model_dump(by_alias=True, exclude_unset=True), _LINE_LEVELS)


def report_v1(report: RunReport) -> Report:
    """The report in the types of version 1."""
    mended: dict[str, Any] = {}
    if report.mending is not None:
        mended["fixed"] = [_fixed(fixed) for fixed in report.mending.fixed]
    return Report(
        version=1,
        tool=Tool(name="umbmarket", version=__version__),
        files=[
            File(path=whole_text(file.path), kind=file.kind, parsed=file.parsed, schema_valid=file.schema_valid)
            for file in report.files
        ],
        findings=[_finding(finding, report.rules.get(finding.code)) for finding in report.findings],
        summary=_summary(report),
        **mended,
    )


def _summary(report: RunReport) -> Summary:
    counts: dict[str, Any] = report.summary._asdict()
    for name in ("capped", "hidden"):
        if not counts[name]:
            del counts[name]
    if report.remarks:
        counts["remarks"] = [visible(remark) for remark in report.remarks]
    if report.mending is not None:
        counts["fixed"] = len(report.mending.fixed)
    return Summary(**counts)


def _fixed(fixed: RunFixed) -> Fixed:
    return Fixed(
        code=whole_text(fixed.code),
        name=whole_text(fixed.name),
        message=visible(fixed.message),
        path=whole_text(fixed.file),
        pointer=whole_text(fixed.pointer),
        title=visible(fixed.title),
        safety=fixed.safety,
        edited=[whole_text(path) for path in fixed.edited],
    )


def _finding(finding: found.Finding, rule: Rule | None) -> Finding:
    # What may be absent is given only where it says something: what is not given is not written.
    more: dict[str, Any] = {}
    if finding.related:
        more["related"] = [_related(related) for related in finding.related]
    if finding.estimate:
        more["estimate"] = True
    region = finding.region
    return Finding(
        code=whole_text(finding.code),
        name=whole_text(finding.name),
        severity=finding.severity.value,
        message=visible(finding.message),
        path=whole_text(finding.path),
        pointer=whole_text(finding.pointer),
        line=region.line if region else None,
        column=region.column if region else None,
        end_line=region.end_line if region else None,
        end_column=region.end_column if region else None,
        args=_args(finding.args),
        help=visible(finding.help),
        fixes=[_fix(fix, finding.file) for fix in finding.fixes],
        docs=rule.docs if rule else DOCS_PAGE,
        **more,
    )


def _related(related: found.Related) -> Related:
    region = related.region
    return Related(
        path=whole_text(related.path),
        line=region.line if region else None,
        column=region.column if region else None,
        end_line=region.end_line if region else None,
        end_column=region.end_column if region else None,
        message=visible(related.message),
    )


def _args(args: Mapping[str, found.JsonValue]) -> dict[str, JsonValue]:
    return {whole_text(str(name)): json_data(value) for name, value in args.items()}


def _fix(fix: found.Fix, own: str) -> Fix:
    elsewhere: dict[str, Any] = {} if fix.file is None or fix.file == own else {"path": whole_text(fix.file)}
    if fix.also:
        elsewhere["also"] = [whole_text(path) for path in fix.also]
    if fix.encoding is not None:
        elsewhere["encoding"] = fix.encoding
    return Fix(
        title=visible(fix.title),
        safety=fix.safety,
        edits=[Edit(start=edit.start, end=edit.end, text=whole_text(edit.text)) for edit in fix.edits],
        **elsewhere,
    )


def report_schema() -> dict[str, object]:
    """The JSON Schema (Draft 2020-12) of `Report`."""
    return schema_of(Report, "umbmarket report, version 1")


def generated_files() -> Mapping[str, str]:
    """The files that are generated from this module: path in the source tree to text."""
    return {SCHEMA_FILE: schema_text(report_schema())}
