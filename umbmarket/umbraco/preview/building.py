"""From what was found to a page: which findings belong to it, whether the package is listed, what each part shows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from umbmarket.umbraco.preview.page_parts import MOST_ENTRIES, View, versions_of, view_of
from umbmarket.umbraco.preview.pictures_of_page import Pictures, Tree
from umbmarket.umbraco.preview.rendering import Check, Page, counts_of
from umbmarket.umbraco.preview.sheet import Places, Sheet, Sorted, sort_out

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.findings import Finding
    from umbmarket.umbraco.found import Tree as FoundTree
    from umbmarket.umbraco.inspection import PackageProblem
    from umbmarket.umbraco.preview.known_package import KnownPackage
    from umbmarket.umbraco.preview.readme_html import RenderedReadme
    from umbmarket.umbraco.preview.subject import Subject


class Building:
    """Makes one page.

    Attributes:
        pictures: those of the page.
        files: paths of the files that it shows, as shown to the user.
        findings: those about these files.
    """

    def __init__(
        self,
        subject: Subject,
        tree: FoundTree,
        root: str,
        broken: Sequence[PackageProblem] = (),
        *,
        remote_images: bool = False,
    ) -> None:
        """Gather what belongs to the page, and begin to read its pictures.

        Args:
            subject: what it is of.
            tree: where files lie.
            root: absolute path of the folder that shown paths are relative to.
            broken: what keeps NuGet from reading the package, so that nothing of it is shown.
            remote_images: let the browser fetch what does not lie in the working tree.
        """
        self._subject = subject
        self._listing = subject.taken
        self._broken = broken
        self._id = subject.id if not broken else None
        self._package: KnownPackage | None = None
        self._remote = remote_images
        self._places = self._find_places()
        self.files = tuple(sorted(self._places.files))
        self.findings: tuple[Finding, ...] = ()
        self._sorted = Sorted({}, ())
        self.pictures = Pictures(_tree_around(self._places, tree, root), remote=remote_images)
        if self._listing.document is not None:
            for _, address in islice(self._listing.document.texts("/Screenshots/*/ImageUrl"), MOST_ENTRIES):
                self.pictures.expect(address.strip())

    def _find_places(self) -> Places:
        """Where findings may stand; and what is known of the package."""
        listing, facts, readme = self._listing.document, self._subject.package, self._subject.readme
        readmes: set[tuple[str, str | None]] = {(readme.path, None)} if readme is not None else set()
        places = Places(listing.path if listing is not None else None, None, (), frozenset(readmes))
        if facts is None:
            return places
        package = facts.document
        if self._broken:
            return places._replace(package=package.path)
        # Late: a listing alone must not pay for what is known of packages and projects.
        from umbmarket.umbraco.preview.reading_packages import known_package, places_of

        self._package = known_package(facts)
        files: list[set[tuple[str, str | None]]] = [set(), set()]
        for found, file in zip(files, (package.readme, package.icon), strict=True):
            if file is not None and file.is_at_hand:
                owner = file.document
                found.add((owner.path if owner is not None else package.path, file.place().member))
        return places._replace(
            package=package.path,
            planned=tuple(places_of(package)),
            readmes=frozenset(readmes | files[0]),
            icons=frozenset(files[1]),
        )

    def page(self, report: Report) -> Page:
        """All that the page shows.

        Args:
            report: what was found.
        """
        self.findings = tuple(filter(self._places.holds, report.findings))
        self._sorted = sort_out(self.findings, self._places)
        views = tuple(self._views())
        package, today = self._package, self._sheet()
        package_id = package.metadata.id if package is not None else self._id or ""
        icon = views[0].icon
        return Page(
            name=today["Title"].text or package_id or views[-1].sheet["Title"].text or self._subject.name,
            version=package.version or "" if package is not None else "",
            package_id=package_id,
            inputs=tuple(self._inputs()),
            checks=tuple(self._checks()),
            counts=counts_of(self.findings),
            views=views,
            today=today,
            versions=versions_of(package),
            readme=self._readme(),
            why_no_readme=self._why_no_readme(),
            others=self._sorted.others,
            install=tuple(_commands(package_id, package.version if package is not None else None)),
            looks=tuple(self._looks()),
            remote_images=self._remote,
            colour=icon.colour if icon is not None else "",
        )

    def _views(self) -> Iterator[View]:
        listing, document = self._listing, self._listing.document
        written = document.value if document is not None else {}
        if document is None or listing.counts or not written:
            yield view_of(self._sheet(), self._package, self.pictures)
            return
        if listing.refusals:
            why = f"The Marketplace ignores {document.path} as a whole: {listing.refusals[0]}. This is what remains."
            title, mended = "once the listing is corrected", "What the same listing should show once it is corrected."
        else:
            why = f"The Marketplace does not read {document.path} from where it is. This is the page without it."
            title, mended = "once the listing is read", "What it should show once it is where the project URL leads."
        if self._package is None:
            # Nothing would remain: the page of nothing helps nobody.
            mended = f"{why.rpartition('. ')[0]}. {mended}"
        else:
            yield view_of(self._sheet(), self._package, self.pictures, "-today", "today", why)
        sheet = Sheet(
            listing,
            self._package,
            package_id=self._id,
            readme=self._subject.readme,
            findings=self._sorted,
            value=written,
        )
        yield view_of(sheet, self._package, self.pictures, "-then", title, mended)

    def _sheet(self) -> Sheet:
        return Sheet(
            self._listing,
            self._package,
            package_id=self._id,
            readme=self._subject.readme,
            findings=self._sorted,
        )

    def _inputs(self) -> Iterator[tuple[str, str]]:
        document, facts, readme = self._listing.document, self._subject.package, self._subject.readme
        yield "listing", document.path if document is not None else "none found"
        if facts is None:
            yield "package or project", "none found"
        else:
            yield facts.document.kind, facts.document.path
        if readme is not None:
            yield "readme", readme.path

    def _looks(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Where the Marketplace looks for files."""
        facts = self._subject.package
        if facts is None or self._package is None:
            return
        yield "the listing", tuple(each.url for each in facts.placement.listing)
        packed = self._package.metadata.readme
        last = (f"{packed} in the package",) if packed else ()
        yield "the readme", (*(each.url for each in facts.placement.readme), *last)

    def _checks(self) -> Iterator[Check]:
        yield from self._checks_of_package()
        yield self._check_of_listing()

    def _checks_of_package(self) -> Iterator[Check]:
        package, facts = self._package, self._subject.package
        if self._broken:
            yield Check("no", f"NuGet cannot read the package: {self._broken[0].message}.")
            return
        if package is None or facts is None:
            yield Check("unknown", "Whether the package is listed at all is not known: no package or project is here.")
            return
        what = "package" if package.kind == "nuget" else "project"
        if package.is_tagged is None:
            yield Check("unknown", f"Whether it has the tag umbraco-marketplace: {package.why_absent('tags')}.")
        elif package.is_tagged:
            yield Check("yes", f"The {what} is tagged umbraco-marketplace, as the Marketplace requires.")
        else:
            yield Check("no", f"The {what} is not tagged umbraco-marketplace, so the Marketplace does not list it.")
        yield self._check_of_dependency(package)
        if package.is_prerelease:
            yield Check("unknown", "It is a prerelease; the Marketplace appears to show stable versions only.", True)

    def _check_of_dependency(self, package: KnownPackage) -> Check:
        found, facts = package.compatibility, self._subject.package
        if found is None:
            return Check("unknown", f"Whether it depends on Umbraco: {package.why_absent('dependencies')}.")
        if found.dependencies:
            return Check("yes", f"It depends on Umbraco directly, through {found.dependencies[0].id}.")
        way = facts.way if facts is not None else None
        if way is not None and way.search.found:
            return Check("yes", f"It depends on Umbraco through {way.search.found[0].text}.", True)
        if (way is not None and way.is_certain) or not found.other_dependencies:
            return Check("no", "It does not depend on Umbraco, so the Marketplace does not list it.")
        return Check(
            "unknown", "It has no direct dependency on Umbraco; whether another package leads there is unknown."
        )

    def _check_of_listing(self) -> Check:
        listing, document = self._listing, self._listing.document
        if document is None:
            return Check("unknown", "No listing was found here, so this is the page without one.")
        if listing.origin == "elsewhere":
            return Check("no", f"{document.path} is not where the project URL leads, so it is not read.", True)
        if listing.refusals:
            more = f" (and {len(listing.refusals) - 1} more reasons)" if len(listing.refusals) > 1 else ""
            return Check("no", f"{document.path} is ignored as a whole: {listing.refusals[0]}{more}.", True)
        match listing.origin:
            case "repository" | "fork":
                return Check("yes", f"{document.path} is read: it is where the project URL leads.", True)
            case "beside":
                return Check(
                    "unknown", f"{document.path} is beside the package; the Marketplace looks elsewhere.", True
                )
            case "meant":
                return Check("yes", f"{document.path} is taken: its name and its place say that it is meant.", True)
        return Check("yes", f"{document.path} can be read, and nothing in it makes the Marketplace ignore it.", True)

    def _why_no_readme(self) -> str:
        """Why the readme that the package names is not shown; empty where it is, or none is named."""
        return self._package.why_no_readme if self._package is not None and self._subject.readme is None else ""

    def _readme(self) -> RenderedReadme | None:
        readme, package = self._subject.readme, self._package
        if readme is not None:
            text = readme.source.text
        else:
            text = package.readme() if package is not None and package.readme is not None else ""
        if not text.strip():
            return None
        # Late: a page without a readme needs no Markdown.
        from umbmarket.umbraco.preview.readme_html import render_readme

        return render_readme(text, self._sorted.of_field.get("Readme", ()), self.pictures)


def _tree_around(places: Places, tree: FoundTree, root: str) -> Tree | None:
    """The working tree of the first file that lies in one; without git, the folder of the first file."""
    files = [each for each in (places.listing, places.package, *sorted(places.files)) if each is not None]
    folders = [os.path.dirname(os.path.join(root, file)) for file in files]
    for folder in folders:
        repository = tree.repository_of(folder)
        if repository is not None:
            return Tree(repository.root, repository)
    return Tree(folders[0], None) if folders else None


def _commands(package_id: str, version: str | None) -> Iterator[tuple[str, str]]:
    if not package_id:
        return
    yield ".NET CLI", f"dotnet add package {package_id}{f' --version {version}' if version else ''}"
    yield "Package Manager", f"Install-Package {package_id}{f' -Version {version}' if version else ''}"
    attribute = f' Version="{version}"' if version else ""
    yield "PackageReference", f'<PackageReference Include="{package_id}"{attribute} />'
