"""What a run asks the network about: the addresses and package ids of its listings, as far as its rules need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket.check.marketplace import OnlineOptions
from umbmarket.check.selection import Selection
from umbmarket.settings.options import SettingsError
from umbmarket.umbraco.found import Found
from umbmarket.umbraco.online.link_answers import OnlineFindings, OnlineQuestions
from umbmarket.umbraco.online.links import check_online
from umbmarket.umbraco.rules import CATALOGUE
from umbmarket.umbraco.rules.fetched_links import LINK_CODES, LINK_VALUES, PACKAGE_CODES
from umbmarket.umbraco.rules.published_schema import SCHEMA_CODES
from umbmarket.umbraco.rules.umbraco_dependency import WAY_CODES
from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES, VIDEO_VALUES
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument


def answers_about(found: Found, selection: Selection, options: OnlineOptions) -> OnlineFindings:
    """What the network says of the listings, as far as the selected rules need it.

    Args:
        found: the documents of the run.
        selection: which rules count.
        options: how to ask.

    Raises:
        SettingsError: an address in the options or the environment is none.
    """
    wanted = {code for code, rule in CATALOGUE.rules.items() if selection.runs(rule, online=True)}

    def texts(patterns: tuple[str, ...], needed_by: frozenset[str]) -> tuple[str, ...]:
        if wanted.isdisjoint(needed_by):
            return ()
        return tuple(text for listing in found.listings for _, text in listing.document.texts(*patterns))

    questions = OnlineQuestions(
        links=texts(LINK_VALUES, LINK_CODES),
        videos=texts(VIDEO_VALUES, LINK_CODES),
        packages=texts(PACKAGE_ID_VALUES, PACKAGE_CODES),
        dependents=_dependents(found) if not wanted.isdisjoint(WAY_CODES) else (),
        together=found.together,
        schema=bool(found.listings) and not wanted.isdisjoint(SCHEMA_CODES),
    )
    try:
        return check_online(questions, options)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _dependents(found: Found) -> tuple[PackageDocument, ...]:
    """The packages whose dependencies are worth following: those with the Marketplace's tag, else those named."""
    if not found.packages:
        return ()
    from umbmarket.umbraco.ways import needs_a_way

    tagged = [package for package in found.packages if package.document.has_tag(MARKETPLACE_TAG)]
    meant = tagged or [package for package in found.packages if package.named]
    return tuple(package.document for package in meant if needs_a_way(package.document))
