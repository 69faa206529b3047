"""Pictures and videos of a listing: what their addresses are and what the Marketplace makes of them.

The two halves are `umbmarket.web.addresses.image_hosts` and `umbmarket.web.addresses.videos`.
"""

from __future__ import annotations

from umbmarket.web.addresses.image_hosts import (
    AUTHOR_IMAGE_EXTENSIONS,
    IMAGE_EXTENSIONS,
    NOT_IMAGES,
    Image,
    ImageKind,
    RepositoryFile,
    classify_image,
    repository_reference,
)
from umbmarket.web.addresses.videos import EMBEDDABLE_FORMS, Video, VideoKind, classify_video

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
