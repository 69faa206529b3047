"""What an upload or a deletion would do, and what came of it, for people."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.findings import quote
from umbmarket.nuxeo.publishing import DeletePlan, PublishCode, PublishResult, PublishState, UploadPlan
from umbmarket.output.ansi import palette
from umbmarket.output.plain import plain, plain_path

_SNAPSHOT = "a published snapshot with the same id is replaced without asking"
_RELEASE = "a release is final: the Marketplace does not replace a published one"
_GONE = "the package is deleted for everybody who may install it"

_STATES = {
    PublishState.DONE: "done",
    PublishState.REFUSED: "failed",
    PublishState.BLOCKED: "not sent",
    PublishState.NO_CONSENT: "not sent",
    PublishState.NO_ANSWER: "no answer",
    PublishState.DRY_RUN: "not sent",
}


def upload_plan(plan: UploadPlan) -> str:
    """What an upload would do."""
    shared = ", ".join(map(plain, plan.shared_with)) or "nobody else"
    rows = {
        "file": f"{plain(str(plan.path))}, {size_of(plan.size)}",
        "to": plain(plan.target.shown),
        "owner": plain(plan.org),
        "shared with": shared,
        **_login(plan),
        "checks": _findings(plan),
    }
    warnings = [_SNAPSHOT if plan.is_snapshot else _RELEASE]
    warnings += [f"--force overrides: {each}" for each in plan.overridden]
    return _page(f"upload {quote(plan.package_id, 200)}", rows, warnings)


def delete_plan(plan: DeletePlan) -> str:
    """What a deletion would do."""
    rows = {"from": plain(plan.target.shown), **_login(plan)}
    return _page(f"delete {quote(plan.package_id, 200)}", rows, [_GONE])


def _page(title: str, rows: dict[str, str], warnings: list[str]) -> str:
    width = max(map(len, rows))
    lines = [plain(title), *(f"  {name.ljust(width)}  {text}" for name, text in rows.items())]
    return "\n".join([*lines, *(f"warning: {plain(each)}" for each in warnings)]) + "\n"


def _login(plan: UploadPlan | DeletePlan) -> dict[str, str]:
    if plan.login is None:
        return {"login": "none"}
    return {"login": f"from {plan.login.origin}"}


def _findings(plan: UploadPlan) -> str:
    summary = plan.report.summary
    counts = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "suggestion"))
    return (
        ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number) or "no findings"
    )


def size_of(number: int) -> str:
    """A number of bytes, as people read it."""
    size = float(number)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{number} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def result(found: PublishResult, *, color: bool = False) -> str:
    """What came of it."""
    return "".join(f"{line}\n" for line in _result_lines(found, color))


def _result_lines(found: PublishResult, color: bool) -> Iterator[str]:
    paint = palette(color)
    fine = found.exit_code is PublishCode.DONE
    state = _STATES[found.state] if fine else paint.error(_STATES[found.state])
    yield f"{paint.path(plain_path(found.package_id))}: {state}"
    yield f"  {plain(found.detail)}"
    if found.help:
        yield f"  help: {plain(found.help)}"
    if found.lines:
        yield "  the server says:"
        # Behind a mark, so that no line of a stranger begins a line of the log.
        yield from (f"  | {plain(line)}" for line in found.lines)
