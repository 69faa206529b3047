from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.videos import EMBEDDABLE_FORMS, Video, classify_video

ID = "1R8QtCBkyEk"
EMBED = f"https://www.youtube.com/embed/{ID}"
VIMEO = "https://player.vimeo.com/video/76979871"


@pytest.mark.parametrize("form", EMBEDDABLE_FORMS)
def test_the_three_forms_are_embeddable(form: str) -> None:
    video_id = "76979871" if "vimeo" in form else ID
    url = form.format(id=video_id)
    host = "player.vimeo.com" if "vimeo" in form else "www.youtube.com"
    assert classify_video(url) == Video("embeddable", host, video_id, url, certain=True)


@pytest.mark.parametrize(
    ("url", "kind", "embed_url", "certain"),
    [
        (
            f"https://www.youtube.com/watch?v={ID}&si=abc&feature=share&utm_source=x",
            "extra-parameters",
            EMBED,
            True,
        ),
        (f"https://www.youtube.com/watch?app=desktop&v={ID}", "extra-parameters", EMBED, True),
        (f"https://www.youtube.com/watch?v={ID}&t=30s", "extra-parameters", EMBED, False),
        (f"https://www.youtube.com/watch?v={ID}&list=PL1&index=2", "extra-parameters", EMBED, False),
        (f"https://www.youtube.com/watch?v={ID}#t=30", "extra-parameters", EMBED, False),
        (f"https://www.youtube.com/embed/{ID}?start=3", "extra-parameters", EMBED, False),
        (f"https://www.youtube.com/embed/{ID}/", "extra-parameters", EMBED, True),
        (VIMEO + "?title=0", "extra-parameters", VIMEO, False),
        (VIMEO + "/", "extra-parameters", VIMEO, True),
        (f"http://www.youtube.com/watch?v={ID}", "other-spelling", EMBED, True),
        (f"https://youtube.com/watch?v={ID}", "other-spelling", EMBED, True),
        (f"https://m.youtube.com/watch?v={ID}", "other-spelling", EMBED, True),
        (f"https://music.youtube.com/watch?v={ID}", "other-spelling", EMBED, True),
        (f"https://WWW.YouTube.com/watch?v={ID}", "other-spelling", EMBED, True),
        (f"https://www.youtube.com/watch/?v={ID}", "other-spelling", EMBED, True),
        (f"https://youtube.com/embed/{ID}", "other-spelling", EMBED, True),
        (f"https://www.youtube.com/v/{ID}", "other-spelling", EMBED, True),
        (VIMEO.replace("https", "http"), "other-spelling", VIMEO, True),
        (f"https://youtu.be/{ID}", "youtube-short-link", EMBED, True),
        (f"https://youtu.be/{ID}?si=abc", "youtube-short-link", EMBED, True),
        (f"https://youtu.be/{ID}?t=30", "youtube-short-link", EMBED, False),
        (f"https://www.youtube.com/shorts/{ID}", "youtube-shorts", EMBED, True),
        (f"https://youtube.com/live/{ID}?si=x", "youtube-live", EMBED, True),
        (f"https://www.youtube-nocookie.com/embed/{ID}", "youtube-nocookie", EMBED, True),
        ("https://vimeo.com/76979871", "vimeo-video-page", VIMEO, True),
        ("https://www.vimeo.com/76979871", "vimeo-video-page", VIMEO, True),
        ("https://vimeo.com/channels/staffpicks/76979871", "vimeo-video-page", VIMEO, True),
        ("https://vimeo.com/groups/g/videos/76979871", "vimeo-video-page", VIMEO, True),
        ("https://vimeo.com/showcase/12/video/76979871", "vimeo-video-page", VIMEO, True),
        ("https://vimeo.com/76979871?share=copy", "vimeo-video-page", VIMEO, True),
        ("https://vimeo.com/76979871#t=9s", "vimeo-video-page", VIMEO, False),
        ("https://vimeo.com/76979871/8272103f6e", "vimeo-unlisted", VIMEO + "?h=8272103f6e", False),
        ("https://vimeo.com/76979871?h=8272103f6e", "vimeo-unlisted", VIMEO + "?h=8272103f6e", False),
        (VIMEO + "?h=8272103f6e&title=0", "vimeo-unlisted", VIMEO + "?h=8272103f6e", False),
        (VIMEO + "?h=8272103f6e", "vimeo-unlisted", VIMEO + "?h=8272103f6e", False),
        (VIMEO + "?h=%22%3E", "vimeo-unlisted", None, False),
    ],
)
def test_a_video_in_another_form(url: str, kind: str, embed_url: str | None, certain: bool) -> None:
    video = classify_video(url)
    assert (video.kind, video.embed_url, video.certain) == (kind, embed_url, certain)
    assert video.id in (ID, "76979871")
    assert video.reason.endswith(".")


@pytest.mark.parametrize(
    ("url", "may_work"),
    [
        (f"https://www.youtube.com/watch?v={ID}&t=30s", True),
        (f"https://www.youtube.com/watch?app=desktop&v={ID}", True),
        (f"https://www.youtube.com/embed/{ID}?si=abc", True),
        (VIMEO + "?badge=0", True),
        (VIMEO + "?h=8272103f6e", True),
        ("http://player.vimeo.com/video/76979871?h=8272103f6e", False),
        ("https://vimeo.com/76979871/8272103f6e", False),
        (f"https://youtu.be/{ID}", False),
        (f"https://m.youtube.com/watch?v={ID}", False),
        (f"https://www.youtube.com/watch?v={ID}", False),
    ],
)
def test_what_follows_a_known_form_may_do_no_harm(url: str, may_work: bool) -> None:
    assert classify_video(url).may_work is may_work


@pytest.mark.parametrize(
    ("url", "kind", "host"),
    [
        ("https://www.youtube.com/playlist?list=PL1", "youtube-playlist", "www.youtube.com"),
        ("https://www.youtube.com/watch?list=PL1", "youtube-playlist", "www.youtube.com"),
        ("https://www.youtube.com/embed/videoseries?list=PL1", "youtube-playlist", "www.youtube.com"),
        (
            "https://www.youtube-nocookie.com/embed/videoseries?list=PL1",
            "youtube-playlist",
            "www.youtube-nocookie.com",
        ),
        ("https://www.youtube.com/@somebody", "youtube-page", "www.youtube.com"),
        ("https://www.youtube.com", "youtube-page", "www.youtube.com"),
        ("https://www.youtube-nocookie.com/", "youtube-page", "www.youtube-nocookie.com"),
        ("https://www.youtube.com/watch?v={videoId}", "invalid-id", "www.youtube.com"),
        ("https://www.youtube.com/watch?v=short", "invalid-id", "www.youtube.com"),
        (f"https://www.youtube.com/watch?v={ID}x", "invalid-id", "www.youtube.com"),
        (f"https://www.youtube.com/watch?v={ID}&v=aaaaaaaaaaa", "invalid-id", "www.youtube.com"),
        ("https://www.youtube.com/watch", "invalid-id", "www.youtube.com"),
        ("https://www.youtube.com/embed/", "invalid-id", "www.youtube.com"),
        (f"https://www.youtube.com/embed/{ID}&t=3", "invalid-id", "www.youtube.com"),
        ("https://www.youtube.com/embed/live_stream?channel=UC", "invalid-id", "www.youtube.com"),
        ("https://youtu.be/", "invalid-id", "youtu.be"),
        ("https://player.vimeo.com/video/abc", "invalid-id", "player.vimeo.com"),
        ("https://player.vimeo.com/76979871", "invalid-id", "player.vimeo.com"),
        ("https://vimeo.com/showcase/123", "vimeo-page", "vimeo.com"),
        ("https://vimeo.com/somebody", "vimeo-page", "vimeo.com"),
        ("https://vimeo.com", "vimeo-page", "vimeo.com"),
        ("https://example.com/demo.MP4?x=1", "video-file", "example.com"),
        ("https://github.com/o/r/raw/main/demo.webm", "video-file", "github.com"),
        ("https://www.loom.com/share/abc", "other-site", "www.loom.com"),
        ("https://notyoutube.com/watch?v=" + ID, "other-site", "notyoutube.com"),
        ("youtu.be/" + ID, "not-an-address", None),
        ("", "not-an-address", None),
    ],
)
def test_what_cannot_be_embedded(url: str, kind: str, host: str | None) -> None:
    video = classify_video(url)
    assert (video.kind, video.host, video.id, video.embed_url, video.certain) == (
        kind,
        host,
        None,
        None,
        False,
    )
    assert video.reason.endswith(".")


def test_the_words() -> None:
    assert classify_video(f"https://www.youtube.com/watch?v={ID}&t=30s&list=PL").reason == (
        "The listing guide documents only the video id in this URL."
        ' Without "t" and "list", the video may start or play differently.'
    )
    assert classify_video("https://a.com/b.mp4").reason == (
        "It is a video file (.mp4); the listing guide names only YouTube and Vimeo."
    )


@given(
    st.text()
    | st.text("/?&=#v:watchembed1_-").map("https://www.youtube.com/".__add__)
    | st.text("/?&=#h:video1").map("https://vimeo.com/".__add__)
)
def test_nothing_raises_and_what_is_suggested_is_embeddable(url: str) -> None:
    video = classify_video(url)
    assert (video.reason == "") == (video.kind == "embeddable")
    if video.certain:
        assert video.embed_url is not None
        assert classify_video(video.embed_url).kind == "embeddable"
