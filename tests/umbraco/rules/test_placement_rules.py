"""The rules on placement against anything that a package may say of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import umbmarket
from umbmarket.findings import visible
from umbmarket.settings.options import Settings

BuildPackage = Callable[..., bytes]

words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=20)
addresses = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(
            ["https://github.com/jane/my-package", "https://github.com/", "https://gitlab.com/", "http://", ""]
        ),
        st.sampled_from(["", "/", "/tree/", "/blob/", "/issues", "?", "#"]),
        st.one_of(words, st.sampled_from(["main", "main/src", "main/../..", "v13/dev", "%2e%2e/%00", "\\", "main//x"])),
    ),
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = https://github.com/jane/my-package\n')
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "umbraco-marketplace.json").write_text("{}")
    (tmp_path / "umbraco-marketplace-README.md").write_text("")
    return tmp_path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(url=addresses, package_id=st.one_of(words, st.sampled_from(["../x", "a/b", "my.package"])), named=st.booleans())
def test_no_rule_breaks_and_each_message_is_one_line(
    repository: Path, nupkg: BuildPackage, url: str, package_id: str, named: bool
) -> None:
    package = repository / "a.nupkg"
    package.write_bytes(nupkg(id=package_id, projectUrl=url, tags="umbraco-marketplace"))
    other = repository / "b.nupkg"
    other.write_bytes(nupkg(id="Other", projectUrl=url, tags="umbraco-marketplace", groups={None: {package_id: "1.0"}}))
    paths = [repository, package, other] if named else [repository]
    report = umbmarket.validate(paths, root=repository, settings=Settings(select=("UMB5", "UMB306")))
    assert report.failures == ()
    assert "UMB502" in {finding.code for finding in report.findings}
    for finding in report.findings:
        assert "\n" not in finding.message + finding.help
        assert visible(finding.message + finding.help) == finding.message + finding.help
        assert not finding.message.endswith(".")


def test_many_packages_that_share_a_listing_are_told_in_one_line(repository: Path, nupkg: BuildPackage) -> None:
    (repository / "umbraco-marketplace.json").write_text("{}")
    for number in range(30):
        data = nupkg(id=f"P{number:02}", projectUrl="https://github.com/jane/my-package", tags="umbraco-marketplace")
        (repository / f"p{number:02}.nupkg").write_bytes(data)
    report = umbmarket.validate(
        [repository], root=repository, settings=Settings(select=("UMB5",), ignore={"UMB502": None})
    )
    assert [(finding.code, finding.message) for finding in report.findings] == [
        ("UMB508", '"P00", "P01", "P02", "P03", "P04" and 25 more share the listing "umbraco-marketplace.json"'),
    ]
