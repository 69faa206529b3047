"""Which video addresses the Marketplace can embed.

The listing guide names three forms, and has never named others: ``https://www.youtube.com/embed/{id}``,
``https://www.youtube.com/watch?v={id}`` and ``https://player.vimeo.com/video/{id}`` (official). The schema
does not check them. What the Marketplace does with anything before or after the id, such as ``&t=30s``, is not known:
no listing was seen that has it.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from umbmarket.web.addresses.parts import WebAddress, parse_address

EMBEDDABLE_FORMS = (
    "https://www.youtube.com/embed/{id}",
    "https://www.youtube.com/watch?v={id}",
    "https://player.vimeo.com/video/{id}",
)
"""The forms that can be embedded, in the order of the listing guide."""

VideoKind: TypeAlias = Literal[
    "embeddable",
    "extra-parameters",
    "other-spelling",
    "youtube-short-link",
    "youtube-shorts",
    "youtube-live",
    "youtube-nocookie",
    "youtube-playlist",
    "youtube-page",
    "vimeo-video-page",
    "vimeo-unlisted",
    "vimeo-page",
    "video-file",
    "invalid-id",
    "other-site",
    "not-an-address",
]
"""What a video address is.

- ``embeddable``: exactly one of `EMBEDDABLE_FORMS`.
- ``extra-parameters``: one of them with something more before or behind the id. Whether it works is not known.
- ``other-spelling``: one of them with ``http``, without ``www.``, with ``m.`` or in an old form of YouTube's.
- ``invalid-id``: one of them, but with something else than an id.
- ``youtube-page``, ``vimeo-page``: a page of the site that is not one video's.
"""

VIDEO_FILE_EXTENSIONS = frozenset({"avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"})
"""Endings of paths that are video files, in lower case."""

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_\-]{11}", re.ASCII)
_NOT_IDS = frozenset({"live_stream", "videoseries"})
"""Words of eleven letters that stand where the id does in addresses of streams and playlists."""
_VIMEO_ID = re.compile(r"[0-9]{1,12}", re.ASCII)
_VIMEO_HASH = re.compile(r"[0-9a-f]{6,20}", re.ASCII)
_YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"})
_NOCOOKIE_HOSTS = frozenset({"youtube-nocookie.com", "www.youtube-nocookie.com"})
_VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com"})
_TRACKING = frozenset({"ab_channel", "app", "feature", "fbclid", "pp", "share", "si", "themeRefresh"})
"""Parameters that say how somebody came to the video and change nothing about it."""


class Video(NamedTuple):
    """What a video address is and what to write in its place.

    Attributes:
        kind: What it is.
        host: Its host in lower case, or None if the text is no address.
        id: The video's id, if one can be told.
        embed_url: The same video in a form that can be embedded; None if there is no such form or the video
            is not known. For one that can only be kept as it is the address itself.
        certain: Whether ``embed_url`` shows the same, so that nothing but tracking is lost. It is not certain
            where a start time or a playlist is left out, or where an unlisted video needs its hash.
        reason: Why it cannot be embedded as it is, as a whole sentence; empty for an ``embeddable`` one.
        may_work: It is one of `EMBEDDABLE_FORMS` with more, and what the Marketplace makes of that is not known.
    """

    kind: VideoKind
    host: str | None
    id: str | None = None
    embed_url: str | None = None
    certain: bool = False
    reason: str = ""
    may_work: bool = False


def classify_video(url: str) -> Video:
    """Say what a video address is.

    Args:
        url: The value of a ``VideoUrl``; anything.

    Returns:
        What it is. It works as it stands exactly if the kind is ``embeddable``.
    """
    address = parse_address(url)
    if address is None:
        return Video("not-an-address", None, reason="It is not a URL.")
    if address.host in _YOUTUBE_HOSTS:
        return _youtube(url, address)
    if address.host in _NOCOOKIE_HOSTS:
        return _youtube_nocookie(address)
    if address.host == "youtu.be":
        reason = "The Marketplace does not embed youtu.be short links."
        return _youtube_id(address, address.segments[:1], "youtube-short-link", reason)
    if address.host == "player.vimeo.com":
        return _vimeo_player(url, address)
    if address.host in _VIMEO_HOSTS:
        return _vimeo(address)
    return _other(address)


def _youtube(url: str, address: WebAddress) -> Video:
    first, *rest = [*address.segments, ""]
    match first.lower():
        case "watch":
            ids = [value for name, value in address.parameters if name == "v"]
            if not ids and any(name == "list" for name, _ in address.parameters):
                return _playlist(address)
            return _youtube_form(url, address, tuple(ids), EMBEDDABLE_FORMS[1], used=("v",))
        case "embed":
            if rest[0].lower() == "videoseries":
                return _playlist(address)
            return _youtube_form(url, address, tuple(rest[:1]), EMBEDDABLE_FORMS[0])
        case "v" | "e":
            reason = "It is an old form of YouTube URL, which the Marketplace does not embed."
            return _youtube_id(address, tuple(rest[:1]), "other-spelling", reason)
        case "shorts":
            reason = "It is the page of a YouTube short, which the Marketplace does not embed."
            return _youtube_id(address, tuple(rest[:1]), "youtube-shorts", reason)
        case "live":
            reason = "It is the page of a live stream, which the Marketplace does not embed."
            return _youtube_id(address, tuple(rest[:1]), "youtube-live", reason)
        case "playlist":
            return _playlist(address)
    return Video("youtube-page", address.host, reason="It is not the page of a YouTube video.")


def _youtube_form(url: str, address: WebAddress, ids: tuple[str, ...], form: str, used: tuple[str, ...] = ()) -> Video:
    """A watch or embed address on one of YouTube's hosts."""
    if len(set(ids)) != 1 or not _is_youtube_id(ids[0]):
        return _invalid(address, "It has no YouTube video id, which is 11 characters long.")
    if url == form.format(id=ids[0]):
        return Video("embeddable", address.host, ids[0], url, certain=True)
    exact = url.startswith(form.format(id=ids[0]))
    if exact or (url.startswith("https://www.youtube.com/watch?")):
        kind: VideoKind = "extra-parameters"
        reason = "The listing guide documents only the video id in this URL."
    else:
        kind = "other-spelling"
        reason = "It differs from the forms that the listing guide names."
    return _youtube_id(address, ids, kind, reason, used)._replace(may_work=kind == "extra-parameters")


def _youtube_nocookie(address: WebAddress) -> Video:
    reason = "youtube-nocookie.com is not among the hosts that the listing guide names."
    if address.segments[:1] == ("embed",):
        if address.segments[1:2] == ("videoseries",):
            return _playlist(address)
        return _youtube_id(address, address.segments[1:2], "youtube-nocookie", reason)
    return Video("youtube-page", address.host, reason="It is not the page of a YouTube video.")


def _youtube_id(
    address: WebAddress, ids: tuple[str, ...], kind: VideoKind, reason: str, used: tuple[str, ...] = ()
) -> Video:
    """A video of YouTube's whose id is the only one of ``ids``, if it is one."""
    if not ids or not _is_youtube_id(ids[0]):
        return _invalid(address, "It has no YouTube video id, which is 11 characters long.")
    embed_url = EMBEDDABLE_FORMS[0].format(id=ids[0])
    lost = _lost(address, used)
    return Video(kind, address.host, ids[0], embed_url, not lost, _with_lost(reason, lost))


def _is_youtube_id(text: str) -> bool:
    return _YOUTUBE_ID.fullmatch(text) is not None and text not in _NOT_IDS


def _playlist(address: WebAddress) -> Video:
    return Video(
        "youtube-playlist", address.host, reason="It is a playlist, and the Marketplace embeds only single videos."
    )


def _vimeo_player(url: str, address: WebAddress) -> Video:
    if address.segments[:1] != ("video",) or not _VIMEO_ID.fullmatch("".join(address.segments[1:2])):
        return _invalid(address, "It has no Vimeo video id, which is a number.")
    video_id = address.segments[1]
    plain = EMBEDDABLE_FORMS[2].format(id=video_id)
    if url == plain:
        return Video("embeddable", address.host, video_id, url, certain=True)
    hashes = [value for name, value in address.parameters if name == "h"]
    has_form = url.startswith(plain)
    if hashes:
        return _unlisted(address, video_id, hashes[0])._replace(may_work=has_form)
    lost = _lost(address)
    if not has_form:
        reason = "It differs from the forms that the listing guide names."
        return Video("other-spelling", address.host, video_id, plain, not lost, _with_lost(reason, lost))
    reason = "The listing guide documents only the video id in this URL."
    return Video("extra-parameters", address.host, video_id, plain, not lost, _with_lost(reason, lost), may_work=True)


def _vimeo(address: WebAddress) -> Video:
    segments = address.segments
    reason = "It is a Vimeo page; only the URL of the player can be embedded."
    is_id: Callable[[str], object] = _VIMEO_ID.fullmatch
    match segments:
        case (video_id, secret) if is_id(video_id) and _VIMEO_HASH.fullmatch(secret):
            return _unlisted(address, video_id, secret)
        case (
            (video_id,)
            | ("channels", _, video_id)
            | ("groups", _, "videos", video_id)
            | ("showcase" | "album", _, "video", video_id)
            | ("video" | "videos", video_id)
        ) if is_id(video_id):
            secrets = [value for name, value in address.parameters if name == "h"]
            if secrets:
                return _unlisted(address, video_id, secrets[0])
            plain = EMBEDDABLE_FORMS[2].format(id=video_id)
            lost = _lost(address)
            return Video("vimeo-video-page", address.host, video_id, plain, not lost, _with_lost(reason, lost))
    return Video("vimeo-page", address.host, reason="It is not the page of a Vimeo video.")


def _unlisted(address: WebAddress, video_id: str, secret: str) -> Video:
    """An unlisted video plays only with its hash, for which the guide's form has no place."""
    plain = EMBEDDABLE_FORMS[2].format(id=video_id)
    embed_url = f"{plain}?h={secret}" if _VIMEO_HASH.fullmatch(secret) else None
    return Video(
        "vimeo-unlisted",
        address.host,
        video_id,
        embed_url,
        certain=False,
        reason="It is an unlisted video, which plays only with the hash in its URL, and the form that the listing"
        " guide names has none.",
    )


def _other(address: WebAddress) -> Video:
    ending = "".join(address.segments[-1:]).rpartition(".")[2].lower()
    if ending in VIDEO_FILE_EXTENSIONS:
        return Video(
            "video-file",
            address.host,
            reason=f"It is a video file (.{ending}); the listing guide names only YouTube and Vimeo.",
        )
    return Video("other-site", address.host, reason="The Marketplace embeds only YouTube and Vimeo videos.")


def _invalid(address: WebAddress, reason: str) -> Video:
    return Video("invalid-id", address.host, reason=reason)


def _lost(address: WebAddress, used: tuple[str, ...] = ()) -> list[str]:
    """What of an address its plain form does not keep, and is more than tracking."""
    lost = [
        name
        for name, _ in address.parameters
        if name not in used and name not in _TRACKING and not name.startswith("utm_")
    ]
    if address.fragment:
        lost.append("#" + address.fragment.partition("=")[0])
    return list(dict.fromkeys(lost))


def _with_lost(reason: str, lost: list[str]) -> str:
    if not lost:
        return reason
    names = " and ".join(f'"{name[:20]}"' for name in lost[:3])
    return f"{reason} Without {names}, the video may start or play differently."
