"""Asks the network about what listings name: pages, images, videos and packages.

One request for each distinct address, several at a time, with one deadline over all. Pages and images are fetched with
GET and read up to a few kilobytes, because many servers refuse HEAD or answer it otherwise. Videos of YouTube's and
Vimeo's are asked for at the sites' oEmbed addresses, since their pages answer 200 for videos that are gone.

"Could not reach it" is never "it is broken". What counts as broken, and why:

- 404 and 410 say so. Other client errors (400, 405 to our GET, 414 ...) a visitor's GET gets just as well.
- 401, 403, 406, 407, 408, 418, 421, 425, 429, 451 and LinkedIn's 999 do not: they depend on who asks, from where and
  when. Firewalls answer 403, 406, 429 and 999 to programs for pages that every browser shows; link checkers that count
  them as broken are mostly wrong about them (public-api-lists #649: 2 of 18 sampled were dead, both 404s).
- 5xx, a chain of redirects without end, and no answer at all do not either.
- A name that does not exist does, where other names could be looked up in the same run.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from umbmarket.check.marketplace import OnlineOptions
from umbmarket.formats.pictures import ENOUGH_BYTES, recognise
from umbmarket.nuget import is_client_id
from umbmarket.nuget.feed.answers import FeedFailure, NotFound
from umbmarket.nuget.feed.v3 import DEFAULT_SOURCE, NugetFeed, configured_feed
from umbmarket.umbraco.online.link_answers import (
    LinkAnswer,
    OnlineFindings,
    OnlineQuestions,
    PackageAnswer,
    VideoAnswer,
    link_key,
)
from umbmarket.umbraco.online.schema_fetch import PUBLISHED_SCHEMA, SCHEMA_VARIABLE, fetch_schema
from umbmarket.umbraco.videos import EMBEDDABLE_FORMS, classify_video
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG
from umbmarket.umbraco.ways import follow
from umbmarket.web.addresses.parts import parse_address
from umbmarket.web.batch import fetch_all
from umbmarket.web.cache import DocumentCache
from umbmarket.web.client import Http
from umbmarket.web.credentials import origin_of
from umbmarket.web.outcomes import Blocked, Delivery, Fetched, HttpFailure, Outcome, Trouble, Unreachable, shown_url
from umbmarket.web.retry import LINK_RETRY
from umbmarket.web.waiting import Workers

YOUTUBE_OEMBED = "https://www.youtube.com/oembed"
"""YouTube's oEmbed address (oembed.com, the list of providers)."""

VIMEO_OEMBED = "https://vimeo.com/api/oembed.json"
"""Vimeo's oEmbed address (developer.vimeo.com, oEmbed)."""

YOUTUBE_VARIABLE = "UMBMARKET_YOUTUBE_OEMBED"
VIMEO_VARIABLE = "UMBMARKET_VIMEO_OEMBED"
"""Environment variables that name other addresses, such as a mirror's."""

BODY_LIMIT = 2 * ENOUGH_BYTES
"""Bytes read of each answer: enough to tell an image, and for the whole of an oEmbed answer (about 1 KB)."""

TRY_SECONDS = 15.0
"""How long one try of one address may take: those who look at a listing do not wait longer for a picture."""

LOOKUPS = 4
"""How many packages, and how many videos, are asked for at a time."""

_DEPENDS_ON_WHO_ASKS = frozenset({401, 403, 406, 407, 408, 418, 421, 425, 429, 451, 999})
_ILLEGAL = frozenset('<>"{}|\\^`')
_GRACE_SECONDS = 2.0
_NO_TIME = "there was no time left"


def check_online(
    questions: OnlineQuestions, options: OnlineOptions, environment: Mapping[str, str] | None = None
) -> OnlineFindings:
    """Ask the network.

    Args:
        questions: What to ask; repetitions are asked once, and what is no address or id is not asked.
        options: How.
        environment: The environment variables; those of the process when None.

    Raises:
        ValueError: the feed, an oEmbed address or the schema's is no http or https address; the text says which.
    """
    variables = os.environ if environment is None else environment
    feed = configured_feed(options.source, variables)
    oembed = {
        "youtube": _base(options.youtube_oembed, variables, YOUTUBE_VARIABLE, YOUTUBE_OEMBED),
        "vimeo": _base(options.vimeo_oembed, variables, VIMEO_VARIABLE, VIMEO_OEMBED),
    }
    schema_url = _base(options.listing_schema, variables, SCHEMA_VARIABLE, PUBLISHED_SCHEMA)
    plan = _Plan(questions, oembed)
    if not any((plan.links, plan.videos, plan.packages, questions.dependents, questions.schema)):
        return OnlineFindings()
    schemas = [schema_url] if questions.schema else []
    named_urls = dict.fromkeys(address for _, address in plan.videos.values())
    progress = _Progress(
        options.on_progress,
        sum(map(len, (plan.links, named_urls, plan.packages, questions.dependents, schemas))),
    )
    on_warning = options.on_warning
    cache = None
    if options.use_cache and (plan.packages or questions.dependents):
        cache = DocumentCache(on_warning=None if on_warning is None else lambda warning: on_warning(warning.text))
    # Two clients: an address in a listing must not gain from the trust in those that the user named.
    with (
        Http(allow_private_hosts=options.allow_private_hosts) as http,
        Http(
            allow_private_hosts=options.allow_private_hosts,
            trusted_urls=(feed.source, *oembed.values(), schema_url),
            cache=cache,
        ) as named,
    ):

        def give_up() -> None:
            http.abort()
            named.abort()

        deadline = threading.Timer(options.deadline, give_up)
        deadline.daemon = True
        deadline.start()
        nuget = NugetFeed(named, feed)
        videos = Workers(
            lambda url: _fetch_small(named, url, options.deadline), named_urls, most=LOOKUPS, name="umbmarket-video"
        )
        packages = Workers(
            lambda package_id: package_answer(nuget, package_id), plan.packages, most=LOOKUPS, name="umbmarket-lookup"
        )
        dependents = {package.path: package for package in questions.dependents}
        ways = Workers(
            lambda path: follow(dependents[path], questions.together, nuget),
            dependents,
            most=LOOKUPS,
            name="umbmarket-way",
        )
        schema = Workers(
            lambda url: fetch_schema(named, url, min(TRY_SECONDS, options.deadline)),
            schemas,
            most=1,
            name="umbmarket-schema",
        )

        def done() -> int:
            return videos.done + packages.done + ways.done + schema.done

        try:
            progress.show()
            outcomes = fetch_all(
                http,
                plan.links,
                limit=BODY_LIMIT,
                total=min(TRY_SECONDS, options.deadline),
                budget=options.deadline,
                on_done=lambda _url, _outcome: progress.advance(done()),
            )
            until = time.monotonic() + options.deadline + _GRACE_SECONDS

            def show() -> None:
                progress.show(done())

            for workers in (videos, packages, ways, schema):
                for _ in workers.results(until, show):
                    show()
        except BaseException:
            give_up()
            raise
        finally:
            deadline.cancel()
    late = VideoAnswer("unknown", None, _NO_TIME)
    published = schema.answers.get(schema_url, _NO_TIME) if questions.schema else None
    if isinstance(published, str):
        if on_warning is not None:
            on_warning(f"the published schema could not be fetched from {shown_url(schema_url)}: {published}")
        published = None
    return OnlineFindings(
        link_answers(
            {url: outcomes[url] for url in plan.links}, names_resolve=http.names_resolve or named.names_resolve
        ),
        {
            url: video_answer(site, outcome) if (outcome := videos.answers.get(address)) is not None else late
            for url, (site, address) in plan.videos.items()
        },
        {key: packages.answers.get(key) or PackageAnswer("unknown", _NO_TIME) for key in plan.packages},
        "NuGet" if feed.source == DEFAULT_SOURCE else f"the feed {shown_url(feed.source)}",
        dict(ways.answers),
        published,
    )


def _fetch_small(http: Http, url: str, deadline: float) -> Outcome:
    return http.get(url, limit=BODY_LIMIT, retry=LINK_RETRY, total=min(TRY_SECONDS, deadline))


class _Plan:
    """Which addresses to fetch.

    Attributes:
        links: Addresses of pages and images, each once.
        videos: Address of a video in a listing to its site and the oEmbed address that tells of it.
        packages: Ids in lower case, each once.
    """

    def __init__(self, questions: OnlineQuestions, oembed: Mapping[str, str]) -> None:
        links = {link_key(url): None for url in questions.links if can_be_asked(url)}
        self.videos: dict[str, tuple[str, str]] = {}
        for url in questions.videos:
            video = classify_video(url)
            site = None if video.host is None or video.embed_url is None or video.id is None else _site(video.host)
            if site is not None and video.id is not None:
                page = _video_page(site, video.id, video.embed_url or "")
                query = urlencode({"url": page, "format": "json"} if site == "youtube" else {"url": page})
                self.videos[url.strip()] = (site, f"{oembed[site]}?{query}")
            elif video.kind in ("video-file", "other-site") and can_be_asked(url):
                links[link_key(url)] = None
        self.links = tuple(links)
        ids = (each.strip().lower() for each in questions.packages)
        self.packages = tuple(dict.fromkeys(each for each in ids if is_client_id(each)))


def can_be_asked(url: str) -> bool:
    """Whether a text is an address as far as it goes, and nothing that was left from a template.

    What it is not the offline rules say.

    Args:
        url: A value of a listing.
    """
    text = url.strip()
    if parse_address(text) is None:
        return False
    return not any(letter.isspace() or letter in _ILLEGAL or not letter.isprintable() for letter in text)


def link_answers(outcomes: Mapping[str, Outcome], *, names_resolve: bool) -> dict[str, LinkAnswer]:
    """Say what the outcomes of one run mean.

    A name that does not exist is broken where other names were found in the same run: then it is not this machine that
    cannot look up names.

    Args:
        outcomes: What came of each address.
        names_resolve: Other names were found (`Http.names_resolve`).
    """
    answers = {url: link_answer(outcome) for url, outcome in outcomes.items()}
    gone: dict[str | None, str] = {}
    for url, outcome in outcomes.items():
        if names_resolve and isinstance(outcome, Unreachable) and outcome.trouble is Trouble.UNKNOWN_HOST:
            answers[url] = LinkAnswer("broken", None, outcome.detail)
            if outcome.delivery is Delivery.NOT_SENT:
                gone.setdefault(_host(url), outcome.detail)
    for url, outcome in outcomes.items():
        # Not tried any more, after three other addresses of the same host.
        if isinstance(outcome, Unreachable) and outcome.trouble is Trouble.GIVEN_UP and _host(url) in gone:
            answers[url] = LinkAnswer("broken", None, gone[_host(url)])
    return answers


def _host(url: str) -> str | None:
    origin = origin_of(url)
    return origin[1] if origin is not None else None


def link_answer(outcome: Outcome) -> LinkAnswer:
    """Say what an outcome means for a link or an image.

    Args:
        outcome: What came of fetching it.
    """
    if isinstance(outcome, Fetched):
        return LinkAnswer("works", outcome.status, "", recognise(outcome.body), outcome.media_type)
    if not isinstance(outcome, HttpFailure):
        return LinkAnswer("unknown", None, _no_answer(outcome), blocked=isinstance(outcome, Blocked))
    detail = f"{_led_to(outcome)}answered {outcome.status}"
    if outcome.problem:
        return LinkAnswer("unknown", outcome.status, f"{detail}: {outcome.problem}")
    status = outcome.status
    if 400 <= status <= 499 and status not in _DEPENDS_ON_WHO_ASKS:
        return LinkAnswer("broken", status, detail)
    return LinkAnswer("unknown", status, detail + _WHAT_IT_MAY_MEAN.get(status, ""))


_FIREWALL = ", which firewalls often answer to programs although browsers show the page"
_WHAT_IT_MAY_MEAN = {
    401: ", so it asks for a login",
    403: _FIREWALL,
    406: _FIREWALL,
    429: ", so there were too many requests",
    451: ", so it is blocked for legal reasons, perhaps only in some countries",
    999: _FIREWALL,
}


def video_answer(site: str, outcome: Outcome) -> VideoAnswer:
    """Say what the outcome of asking for a video's oEmbed document means.

    YouTube answers 404 or 400 for an id that no video has, 401 "Unauthorized" where the owner does not allow embedding
    (extractus/oembed-extractor #168) and "Forbidden" for a private video, once even with the status 200
    (ruby-oembed #79). Vimeo answers 404 for a video that is gone or private, and also for one that only certain sites
    may embed (php-embed/Embed #377), and 403 to machines it takes for robots (#326).

    Args:
        site: `youtube` or `vimeo`.
        outcome: What came of asking.
    """
    if isinstance(outcome, Fetched):
        if site == "youtube" and outcome.body.strip() in (b"Forbidden", b"Unauthorized"):
            return VideoAnswer("gone", outcome.status, "it is private or its owner does not allow it to be embedded")
        if site == "vimeo" and _restricted(outcome):
            return VideoAnswer("doubtful", outcome.status, "its owner allows it to be embedded only on certain sites")
        return VideoAnswer("works", outcome.status)
    if not isinstance(outcome, HttpFailure):
        return VideoAnswer("unknown", None, _no_answer(outcome))
    status, said = outcome.status, outcome.first_line
    if not outcome.problem and site == "youtube":
        if status in (400, 404):
            return VideoAnswer("gone", status, "it does not exist")
        if status == 401:
            return VideoAnswer("gone", status, "its owner does not allow it to be embedded")
        if status == 403 and said == "Forbidden":
            return VideoAnswer("gone", status, "it is private")
    if not outcome.problem and site == "vimeo" and status in (404, 410):
        detail = "it does not exist, is private, or may be embedded only on certain sites"
        return VideoAnswer("doubtful", status, detail)
    return VideoAnswer("unknown", status, f"{_led_to(outcome)}answered {status}")


def _restricted(outcome: Fetched) -> bool:
    try:
        document = outcome.json()
    except ValueError:
        return False
    return isinstance(document, dict) and document.get("domain_status_code") in (403, 404)


def _led_to(outcome: HttpFailure) -> str:
    return f"it leads to {shown_url(outcome.final_url)}, which " if outcome.redirects else "it "


def _no_answer(outcome: Unreachable | Blocked) -> str:
    if isinstance(outcome, Blocked):
        start = ""
        if outcome.blocked_url != outcome.url:
            start = f"it redirects to {shown_url(outcome.blocked_url)}, and "
        return f"{start}{outcome.detail}"
    return _NO_TIME if outcome.trouble is Trouble.CANCELLED else outcome.detail


def _site(host: str) -> str | None:
    if host == "youtu.be" or host.endswith(("youtube.com", "youtube-nocookie.com")):
        return "youtube"
    return "vimeo" if host.endswith("vimeo.com") else None


def _video_page(site: str, video_id: str, embed_url: str) -> str:
    """The address under which the site's oEmbed knows a video; an unlisted one of Vimeo's needs its hash."""
    if site == "youtube":
        return EMBEDDABLE_FORMS[1].format(id=video_id)
    _, _, secret = embed_url.partition("?h=")
    return f"https://vimeo.com/{video_id}/{secret}" if secret else f"https://vimeo.com/{video_id}"


def _base(given: str | None, environment: Mapping[str, str], variable: str, default: str) -> str:
    base = (given or environment.get(variable, "")).strip() or default
    if parse_address(base) is None or "?" in base or "#" in base:
        raise ValueError(f"{variable} must be an http or https URL without a query, such as {default}")
    return base


class _Progress:
    """Counts what is done, in the calling thread."""

    def __init__(self, tell: Callable[[int, int], None] | None, total: int) -> None:
        self._tell = tell
        self._total = total
        self._fetched = 0

    def advance(self, others: int) -> None:
        self._fetched += 1
        self.show(others)

    def show(self, others: int = 0) -> None:
        if self._tell is not None:
            self._tell(self._fetched + others, self._total)


def package_answer(feed: NugetFeed, package_id: str) -> PackageAnswer:
    """Find out whether a feed has a package that can be found there.

    Args:
        feed: The feed.
        package_id: The id in any letter case.
    """
    readiness = feed.readiness(package_id, MARKETPLACE_TAG)
    if isinstance(readiness, NotFound):
        return PackageAnswer("missing")
    if isinstance(readiness, FeedFailure):
        return _no_package_answer(readiness)
    if readiness.latest is not None:
        return PackageAnswer("listed", tagged=readiness.ready)
    versions = feed.versions(package_id)
    if isinstance(versions, NotFound):
        return PackageAnswer("missing")
    if isinstance(versions, FeedFailure):
        return _no_package_answer(versions)
    return PackageAnswer("listed" if any(each.listed for each in versions.versions) else "unlisted")


def _no_package_answer(failure: FeedFailure) -> PackageAnswer:
    outcome = failure.outcome
    if isinstance(outcome, Unreachable) and outcome.trouble is Trouble.CANCELLED:
        return PackageAnswer("unknown", _NO_TIME)
    return PackageAnswer("unknown", failure.problem)
