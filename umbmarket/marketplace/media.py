"""Pictures and videos of a listing: what their addresses are and what the Marketplace makes of them.

The two halves are `umbmarket.marketplace.images` and `umbmarket.marketplace.videos`.
"""

from __future__ import annotations

from umbmarket.marketplace.images import (
    AUTHOR_IMAGE_EXTENSIONS,
    IMAGE_EXTENSIONS,
    NOT_IMAGES,
    Image,
    ImageKind,
    RepositoryFile,
    classify_image,
    repository_reference,
)
from umbmarket.marketplace.videos import EMBEDDABLE_FORMS, Video, VideoKind, classify_video

__all__ = [
    "AUTHOR_IMAGE_EXTENSIONS",
    "EMBEDDABLE_FORMS",
    "IMAGE_EXTENSIONS",
    "NOT_IMAGES",
    "Image",
    "ImageKind",
    "RepositoryFile",
    "Video",
    "VideoKind",
    "classify_image",
    "classify_video",
    "repository_reference",
]
