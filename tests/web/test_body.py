from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.web.body import BodyError, read_limited


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    None: bytes,
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    " GZIP ": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
@given(data=st.binary(max_size=300), size=st.integers(1, 50))
@settings(max_examples=40)
def test_a_body_comes_back_whatever_its_chunks(encoding: str | None, data: bytes, size: int) -> None:
    packed = PACKERS[encoding](data)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert read_limited(chunks, encoding, 300) == (data, False)


@given(data=st.binary(max_size=300), size=st.integers(1, 50))
@settings(max_examples=40)
def test_deflate_without_a_zlib_header(data: bytes, size: int) -> None:
    packed = raw_deflate(data)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert read_limited(chunks, "deflate", 300) == (data, False)


@pytest.mark.parametrize("size", range(1, 60))
def test_gzip_of_several_members_is_one_body(size: int) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second")
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert read_limited(chunks, "gzip", 300) == (b"first second", False)


def test_padding_after_gzip_is_ignored() -> None:
    assert read_limited([gzip.compress(b"all") + b"\0\0\0", b"\0"], "gzip", 300) == (b"all", False)


@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate"])
def test_the_limit_is_exact(encoding: str) -> None:
    packed = PACKERS[encoding](b"12345")
    assert read_limited([packed], encoding, 5) == (b"12345", False)
    assert read_limited([packed], encoding, 4) == (b"1234", True)


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for start in range(0, len(bomb), 1000):
            read += 1
            yield bomb[start : start + 1000]

    tracemalloc.start()
    body, truncated = read_limited(chunks(), "gzip", 100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(body), truncated) == (100_000, True)
    assert read == 1
    assert peak < 700_000  # the first chunk alone holds a million bytes


@pytest.mark.parametrize(
    ("chunks", "encoding", "message"),
    [
        ([b"plain text"], "gzip", "its compressed body is damaged"),
        ([gzip.compress(b"abc" * 50)[:-12]], "gzip", "its compressed body is cut off"),
        ([gzip.compress(b"abc")[:1]], "gzip", "its compressed body is cut off"),
        ([b"\xff\xff"], "deflate", "its compressed body is damaged"),
        ([b"x"], "br", "its body is compressed in a way that was not asked for"),
        ([b"x"], "gzip, gzip", "its body is compressed in a way that was not asked for"),
    ],
)
def test_what_cannot_be_decoded(chunks: list[bytes], encoding: str, message: str) -> None:
    with pytest.raises(BodyError, match=message):
        read_limited(chunks, encoding, 300)


def test_an_empty_body_is_empty_whatever_it_claims() -> None:
    assert read_limited([], "gzip", 10) == (b"", False)
    assert read_limited([b""], "deflate", 10) == (b"", False)


@given(st.lists(st.binary(max_size=40), max_size=5), st.sampled_from(["gzip", "deflate", None, "br"]))
@settings(max_examples=150)
def test_no_bytes_raise_anything_else(chunks: list[bytes], encoding: str | None) -> None:
    try:
        body, _ = read_limited(chunks, encoding, 50)
    except BodyError:
        return
    assert len(body) <= 50
