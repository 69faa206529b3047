"""The classifiers on every address of the corpus: what they flag there, and nothing else."""

from __future__ import annotations

from collections import Counter

from tests.shared_corpus import needs_corpus
from umbmarket.umbraco.image_hosts import IMAGE_EXTENSIONS, classify_image
from umbmarket.umbraco.urls import diagnose_url
from umbmarket.umbraco.videos import classify_video


@needs_corpus
def test_the_urls(corpus_addresses: dict[str, set[str]]) -> None:
    problems = [problem for text in set().union(*corpus_addresses.values()) if (problem := diagnose_url(text))]
    assert Counter(problem.code for problem in problems) == {"relative-path": 4, "long-top-level-domain": 1}


@needs_corpus
def test_the_images(corpus_addresses: dict[str, set[str]]) -> None:
    images = [classify_image(text) for text in corpus_addresses["ImageUrl"]]
    assert Counter(image.kind for image in images if image.reason) == {
        "github-blob-page": 5,
        "imgur-page": 3,
        "relative-path": 4,
    }
    assert {image.extension for image in images} - IMAGE_EXTENSIONS == {None}


@needs_corpus
def test_the_videos(corpus_addresses: dict[str, set[str]]) -> None:
    kinds = Counter(classify_video(text).kind for text in corpus_addresses["VideoUrl"])
    assert kinds == {"embeddable": 4, "video-file": 1}
