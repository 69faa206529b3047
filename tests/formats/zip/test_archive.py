"""The archive: what it lists and reads, and that whatever is wrong with it is told instead of raised."""

from __future__ import annotations

import io
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.findings import Place
from umbmarket.formats.zip.archive import MOST_ENTRIES, MOST_OF_A_KIND, Archive, ArchiveProblem

MIB = 1024 * 1024


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these members, in order; names may repeat and may be anything."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("placeholder", (2024, 1, 2, 3, 4, 6))
            # ZipInfo's constructor would mend the name.
            info.filename = name
            if name not in archive.NameToInfo:
                archive.writestr(info, content, method)
            else:
                archive.NameToInfo.pop(name)
                archive.writestr(info, content, method)
    return buffer.getvalue()


def patched(data: bytes, member: str, *, header: int, form: str, value: int, local: int | None = None) -> bytes:
    """`data` with one number of a member's central header changed, and the same one of its local header."""
    changed = bytearray(data)
    name = member.encode()
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name:
        at = data.index(b"PK\x01\x02", at + 4)
    struct.pack_into(form, changed, at + header, value)
    if local is not None:
        offset = struct.unpack_from("<I", data, at + 42)[0]
        struct.pack_into(form, changed, offset + local, value)
    return bytes(changed)


def resized(data: bytes, member: str, size: int) -> bytes:
    """`data` with another declared length of a member."""
    return patched(data, member, header=24, form="<I", value=size, local=22)


def encrypted(data: bytes, member: str) -> bytes:
    """`data` with a member marked as encrypted."""
    return patched(data, member, header=8, form="<H", value=1, local=6)


def by_hand(
    entries: list[tuple[bytes, bytes, int, int, bytes]], *, count: int | None = None, comment: bytes = b""
) -> bytes:
    """An archive from (name, packed content, method, declared length, extra field), with any number promised."""
    content, directory = bytearray(), bytearray()
    for name, packed, method, size, extra in entries:
        offset = len(content)
        content += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, method, 0, 33, 0, len(packed), size, len(name), 0)
        content += name + packed
        sizes = (len(packed), size, len(name), len(extra))
        directory += struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, method, 0, 33, 0, *sizes, 0, 0, 0, 0, offset)
        directory += name + extra
    promised = len(entries) if count is None else count
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, promised, promised, len(directory), len(content), len(comment))
    return bytes(content) + bytes(directory) + end + comment


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zeros_deflated(length: int) -> bytes:
    """A deflate stream that inflates to `length` zeros, made in chunks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = bytes(16 * MIB)
    parts = [packer.compress(chunk) for _ in range(length // len(chunk))]
    parts.append(packer.flush())
    return b"".join(parts)


@contextmanager
def bounded(seconds: float = 5.0, memory: int = 100 * MIB) -> Iterator[None]:
    """What runs inside takes no more than this."""
    tracemalloc.start()
    started = time.process_time()
    try:
        yield
        took, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < seconds
    assert peak < memory


def kinds(archive: Archive) -> list[str]:
    return [problem.kind for problem in archive.problems]


def only(archive: Archive) -> ArchiveProblem:
    assert len(archive.problems) == 1
    return archive.problems[0]


def test_a_healthy_archive_lists_and_reads_its_members() -> None:
    archive = Archive.from_bytes(zipped([("a.txt", b"hello"), ("lib/b%20c.txt", b"x" * 1000), ("lib/", b"")]))
    assert archive.problems == ()
    assert archive.unusable is None
    assert [entry.name for entry in archive.entries] == ["a.txt", "lib/b c.txt", "lib/"]
    assert [entry.size for entry in archive.entries] == [5, 1000, 0]
    assert [entry.is_folder for entry in archive.entries] == [False, False, True]
    assert archive.entries[1].raw.raw_name == "lib/b%20c.txt"
    assert archive.entries[0].raw.date == (2024, 1, 2, 3, 4, 6)
    assert archive.read(archive.entries[0], 100) == (b"hello", None)
    assert archive.read(archive.entries[1], 1000) == (b"x" * 1000, None)
    assert archive.head(archive.entries[1], 4) == b"xxxx"
    assert not archive.is_signed


def test_a_stored_member_reads_as_a_deflated_one_does() -> None:
    archive = Archive.from_bytes(zipped([("a.txt", b"hello"), ("empty", b"")], zipfile.ZIP_STORED))
    assert archive.problems == ()
    assert archive.read(archive.entries[0], 5) == (b"hello", None)
    assert archive.read(archive.entries[1], 5) == (b"", None)
    assert archive.head(archive.entries[0], 2) == b"he"


def test_look_up_wants_the_decoded_name_and_its_letter_case() -> None:
    archive = Archive.from_bytes(zipped([("images%2FIcon.png", b"1"), (".signature.p7s", b"2")]))
    assert archive.find("images/Icon.png") is archive.entries[0]
    assert archive.find("images/icon.png") is None
    assert archive.find_other_case("IMAGES\\icon.png") is archive.entries[0]
    assert archive.find_other_case("image/icon.png") is None
    assert list(archive.in_folder("Images/")) == [archive.entries[0]]
    assert archive.is_signed


def test_a_file_is_opened_from_disk_and_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.nupkg"
    path.write_bytes(zipped([("a.txt", b"hello")]))
    archive = Archive.open(path)
    assert archive.read(archive.entries[0], 10).data == b"hello"
    path.unlink()
    content = archive.read(archive.entries[0], 10)
    assert content.problem is not None
    assert content.problem.kind == "unreadable"


def test_what_the_system_refuses_is_a_problem(tmp_path: Path) -> None:
    folder = Archive.open(tmp_path)
    assert folder.unusable == ArchiveProblem("unreadable", None, "it cannot be read: it is not a file")
    missing = Archive.open(tmp_path / "none.nupkg")
    assert missing.unusable == ArchiveProblem("unreadable", None, "it cannot be read: no such file")
    assert missing.entries == ()
    assert missing.find("a") is None


@pytest.mark.parametrize(
    ("data", "kind", "detail"),
    [
        (b"", "empty", "it is empty"),
        (b"hello, world", "not-a-zip", "it is not a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(70_000), "not-a-zip", "it is not a ZIP archive"),
        (b"PK", "not-a-zip", "it is not a ZIP archive"),
        (b"PK\x03\x04", "truncated", "it starts like a ZIP archive, but its end is missing"),
        (b"PK\x05\x06" + bytes(17), "not-a-zip", "it is not a ZIP archive"),
        (
            by_hand([(b"a", b"", 0, 0, b"")], count=2),
            "damaged",
            "it declares 2 entries, but has 1",
        ),
        (
            b"in front" + by_hand([(b"a", b"", 0, 0, b"")]),
            "damaged",
            "it declares 1 entries, but has 0",
        ),
        (
            by_hand([])[:4] + struct.pack("<2H", 1, 1) + by_hand([])[8:],
            "damaged",
            "it is one part of a multi-part archive",
        ),
        (
            by_hand([])[:16] + struct.pack("<I", 500) + by_hand([])[20:],
            "damaged",
            "its table of contents should start at byte 500, beyond its end at byte 0",
        ),
    ],
)
def test_what_cannot_be_opened_is_unusable_and_says_why(data: bytes, kind: str, detail: str) -> None:
    archive = Archive.from_bytes(data)
    assert archive.unusable is not None
    assert (archive.unusable.kind, archive.unusable.member) == (kind, None)
    assert archive.unusable.detail.replace("at 0", "at byte 0") == detail
    assert archive.unusable in archive.problems


def test_an_archive_without_entries_is_no_problem_of_its_own() -> None:
    assert Archive.from_bytes(by_hand([])).problems == ()


def test_an_archive_comment_does_not_hide_the_end() -> None:
    archive = Archive.from_bytes(by_hand([(b"a", b"x", 0, 1, b"")], comment=b"c" * 65_535))
    assert archive.problems == ()
    assert len(archive.entries) == 1


def test_truncated_at_every_1000th_byte_is_told_and_never_raised() -> None:
    members = [(f"lib/{number}.dll", bytes(range(256)) * 40) for number in range(12)]
    data = zipped([("My.nuspec", b"<package/>" * 50), *members], zipfile.ZIP_STORED)
    assert Archive.from_bytes(data).problems == ()
    assert len(data) > 100_000
    with bounded():
        for length in range(0, len(data), 1000):
            archive = Archive.from_bytes(data[:length])
            assert archive.unusable is not None
            assert archive.unusable.kind == ("truncated" if length else "empty")
            assert archive.entries == ()
    for missing in range(1, 23):
        assert Archive.from_bytes(data[:-missing]).unusable is not None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_never_an_archive(data: bytes) -> None:
    assert Archive.from_bytes(data).unusable is not None or not Archive.from_bytes(data).entries


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_an_archive_with_any_bytes_changed_never_raises(data: st.DataObject) -> None:
    healthy = bytearray(zipped([("a.nuspec", b"<package/>" * 30), ("b.txt", b"y"), ("c.txt", b"z")]))
    for _ in range(data.draw(st.integers(1, 6))):
        healthy[data.draw(st.integers(0, len(healthy) - 1))] = data.draw(st.integers(0, 255))
    archive = Archive.from_bytes(bytes(healthy))
    for entry in archive.entries:
        content = archive.read(entry, 1000)
        assert len(content.data) <= 1001
        assert len(archive.head(entry, 16)) <= 16
    assert archive.find_other_case("A.NUSPEC") is None or archive.entries


def test_zip_slip_is_told_with_the_decoded_name() -> None:
    archive = Archive.from_bytes(zipped([("lib/a.dll", b""), ("%252e%252e%252fevil.dll", b""), ("a\0b", b"")]))
    assert archive.problems == (
        ArchiveProblem(
            "unsafe-name",
            "%2e%2e%2fevil.dll",
            "it leads out of the folder that the package is extracted to once its percent-escapes are decoded",
        ),
        ArchiveProblem("unsafe-name", "a\0b", "it contains a NUL character"),
    )
    assert archive.problems[1].place == Place(member="a\0b")
    assert archive.unusable is None


def test_a_name_is_not_cut_at_a_nul() -> None:
    archive = Archive.from_bytes(zipped([("a.nuspec\0.dll", b"")]))
    assert archive.find("a.nuspec") is None


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("system", "mode", "is_link"),
    [
        (3, stat.S_IFLNK | 0o777, True),
        (19, stat.S_IFLNK | 0o755, True),
        (3, stat.S_IFREG | 0o644, False),
        (3, stat.S_IFSOCK | 0o777, False),
        (0, stat.S_IFLNK | 0o777, False),
        (11, stat.S_IFLNK | 0o777, False),
    ],
)
def test_a_symbolic_link_is_known_by_a_mode_of_unix(system: int, mode: int, is_link: bool) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.create_system = system
        info.external_attr = mode << 16
        archive.writestr(info, "b/c")
    entry = Archive.from_bytes(buffer.getvalue()).entries[0]
    assert entry.raw.is_link is is_link
    assert Archive.from_bytes(buffer.getvalue()).read(entry, 10).data == b"b/c"


def test_the_same_name_twice_is_told_and_the_first_counts() -> None:
    archive = Archive.from_bytes(zipped([("a.txt", b"one"), ("a.txt", b"two"), ("%61.txt", b"three")]))
    assert kinds(archive) == ["duplicate-name", "duplicate-name"]
    assert archive.problems[0] == ArchiveProblem("duplicate-name", "a.txt", "another entry has the same name")
    found = archive.find("a.txt")
    assert found is not None
    assert archive.read(found, 10).data == b"one"


def test_names_that_differ_in_letter_case_or_slashes_collide() -> None:
    archive = Archive.from_bytes(zipped([("Lib/A.txt", b""), ("lib\\a.TXT", b""), ("lib/b.txt", b"")]))
    assert only(archive) == ArchiveProblem(
        "case-collision", "lib\\a.TXT", 'it differs from "Lib/A.txt" only in letter case'
    )


def test_slashes_too_many_are_told() -> None:
    doubled = Archive.from_bytes(zipped([("a//b.txt", b""), ("a/b.txt", b"")]))
    assert only(doubled) == ArchiveProblem(
        "double-slash", "a//b.txt", 'its name is that of "a/b.txt" with an extra slash'
    )
    assert Archive.from_bytes(zipped([("a//b.txt", b"")])).problems == ()
    back = Archive.from_bytes(zipped([("a\\\\b.txt", b"")]))
    assert only(back) == ArchiveProblem("double-slash", "a\\\\b.txt", r"its name contains \\")


def test_a_name_that_is_not_utf8_is_told() -> None:
    archive = Archive.from_bytes(by_hand([(b"caf\xe9", b"", 0, 0, b"")]))
    assert only(archive) == ArchiveProblem(
        "name-encoding", "caf\ufffd", "its name is not UTF-8, so readers disagree on it"
    )
    assert Archive.from_bytes(by_hand([("café\ufffd".encode(), b"", 0, 0, b"")])).problems == ()


def test_an_encrypted_entry_makes_the_archive_unusable_and_is_not_read() -> None:
    archive = Archive.from_bytes(encrypted(zipped([("a.txt", b"hello"), ("b.txt", b"x")]), "a.txt"))
    assert archive.unusable == ArchiveProblem("encrypted", "a.txt", "it is encrypted")
    assert archive.read(archive.entries[0], 100) == (b"", archive.unusable)
    assert archive.read(archive.entries[1], 100) == (b"x", None)


@pytest.mark.parametrize(
    ("declared", "kind", "detail"),
    [
        (9, "size-lie", "its declared length is 9 bytes, but it is longer"),
        (11, "size-lie", "its declared length is 11 bytes, but it has 10"),
        (5000, "size-lie", "its declared length is 5,000 bytes, but it has 10"),
    ],
)
def test_a_declared_length_that_is_not_the_real_one_is_found_when_read(declared: int, kind: str, detail: str) -> None:
    archive = Archive.from_bytes(resized(zipped([("a.txt", b"0123456789")]), "a.txt", declared))
    assert archive.problems == () or declared == 5000
    content = archive.read(archive.entries[0], 10_000)
    assert content.problem == ArchiveProblem("size-lie", "a.txt", detail)
    assert content.data == b"0123456789"[: declared + 1]
    assert kind == content.problem.kind


def test_a_length_that_cannot_be_is_found_without_reading() -> None:
    stored = resized(zipped([("a.txt", b"0123456789")], zipfile.ZIP_STORED), "a.txt", 11)
    assert only(Archive.from_bytes(stored)) == ArchiveProblem(
        "size-lie", "a.txt", "its declared length is 11 bytes, but it holds 10"
    )
    packed = Archive.from_bytes(resized(zipped([("a.txt", b"0123456789")]), "a.txt", 4_000_000_000))
    assert only(packed).kind == "size-lie"
    assert only(packed).detail == "its declared length is 4,000,000,000 bytes, too much for 12 compressed bytes"


def test_the_limit_is_on_what_is_really_inflated() -> None:
    archive = Archive.from_bytes(zipped([("a.txt", b"x" * 5000)]))
    content = archive.read(archive.entries[0], 4999)
    assert content.problem == ArchiveProblem("too-large", "a.txt", "it is longer than the limit of 4,999 bytes")
    assert len(content.data) == 5000
    assert archive.read(archive.entries[0], 5000).problem is None


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 131_072, 300_000, 1_048_576, 3_000_001])
def test_a_member_that_packs_well_is_read_whole(length: int) -> None:
    archive = Archive.from_bytes(zipped([("a.txt", bytes(length))]))
    assert archive.read(archive.entries[0], length) == (bytes(length), None)
    content = archive.read(archive.entries[0], length - 1)
    assert content.problem is not None
    assert content.problem.kind == "too-large"


def test_ten_gigabytes_of_zeros_cost_nothing() -> None:
    length = 10 * 1024 * MIB
    packed = zeros_deflated(16 * MIB)
    # The stream of 16 MiB is told to be one of 10 GiB: nobody reads as far as to find out.
    extra = struct.pack("<2HQ", 1, 8, length)
    lying = by_hand([(b"a.nuspec", packed, 8, 0xFFFFFFFF, extra)])
    honest = by_hand([(b"a.nuspec", packed, 8, 16 * MIB, b"")])
    small = by_hand([(b"a.nuspec", packed, 8, 300, b"")])
    with bounded(2, 10 * MIB):
        for data, kind in ((lying, "too-large"), (honest, "too-large"), (small, "size-lie")):
            archive = Archive.from_bytes(data)
            content = archive.read(archive.entries[0], MIB)
            assert content.problem is not None
            assert content.problem.kind == kind
            assert len(content.data) <= MIB + 1
    assert Archive.from_bytes(lying).entries[0].size == length
    assert kinds(Archive.from_bytes(lying)) == ["size-lie"]


def test_a_real_bomb_of_ten_gigabytes_is_left_alone() -> None:
    # Deflate of deflate: one block of zeros again and again, which needs no ten gigabytes to make.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(bytes(64 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(64 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = chunk + again * 159 + packer.flush()
    length = 160 * 64 * MIB
    data = by_hand([(b"a.nuspec", packed, 8, 0xFFFFFFFF, struct.pack("<2HQ", 1, 8, length))])
    with bounded(2, 10 * MIB):
        archive = Archive.from_bytes(data)
        assert archive.problems == ()
        content = archive.read(archive.entries[0], MIB)
        assert content.problem is not None
        assert content.problem.kind == "too-large"


def test_damaged_content_is_told() -> None:
    data = bytearray(zipped([("a.txt", b"hello world" * 20)]))
    start = data.index(b"a.txt") + 5
    data[start : start + 2] = b"\xff\xff"
    archive = Archive.from_bytes(bytes(data))
    assert archive.problems == ()
    assert archive.read(archive.entries[0], 1000).problem == ArchiveProblem(
        "damaged", "a.txt", "its compressed content is damaged"
    )


def test_content_that_ends_early_and_a_wrong_checksum_are_told() -> None:
    packed = deflated(b"hello world" * 20)
    short = Archive.from_bytes(by_hand([(b"a", packed[:-3], 8, 220, b"")]))
    assert short.read(short.entries[0], 1000).problem == ArchiveProblem(
        "damaged", "a", "its compressed content ends too early"
    )
    wrong = Archive.from_bytes(by_hand([(b"a", packed, 8, 220, b"")]))
    content = wrong.read(wrong.entries[0], 1000)
    assert content.data == b"hello world" * 20
    assert content.problem == ArchiveProblem("checksum", "a", "its content does not match its checksum")


def test_an_unknown_method_and_a_header_elsewhere_are_told() -> None:
    other = Archive.from_bytes(by_hand([(b"a", b"xyz", 12, 3, b"")]))
    assert other.read(other.entries[0], 10).problem == ArchiveProblem(
        "unsupported-method", "a", "its compression method 12 is not supported"
    )
    data = zipped([("a.txt", b"hello")])
    moved = Archive.from_bytes(patched(data, "a.txt", header=42, form="<I", value=1))
    assert moved.read(moved.entries[0], 10).problem == ArchiveProblem(
        "damaged", "a.txt", "its header is not where the archive says it is"
    )
    beyond = Archive.from_bytes(patched(data, "a.txt", header=42, form="<I", value=10_000))
    assert beyond.read(beyond.entries[0], 10).problem == ArchiveProblem(
        "damaged", "a.txt", "its declared start is beyond the end of the archive"
    )


def test_entries_that_share_bytes_are_told() -> None:
    data = zipped([("a.txt", b"hello"), ("b.txt", b"hello")])
    shared = Archive.from_bytes(patched(data, "b.txt", header=42, form="<I", value=0))
    assert only(shared) == ArchiveProblem(
        "overlap", "a.txt", 'its content and that of "b.txt" share bytes of the archive'
    )
    long = Archive.from_bytes(patched(data, "b.txt", header=20, form="<I", value=500))
    assert only(long) == ArchiveProblem(
        "overlap", "b.txt", "its content and that of the table of contents share bytes of the archive"
    )


@pytest.mark.parametrize(
    ("count", "signed", "refused"),
    [
        (MOST_ENTRIES, False, False),
        (MOST_ENTRIES + 1, False, True),
        (MOST_ENTRIES + 1, True, False),
        (65_535, True, True),
    ],
)
def test_nuget_org_takes_so_many_entries_and_no_more(count: int, signed: bool, refused: bool) -> None:
    names = [b"lib/%d.dll" % number for number in range(count - signed)] + [b".signature.p7s"] * signed
    archive = Archive.from_bytes(by_hand([(name, b"", 0, 0, b"") for name in names]))
    assert len(archive.entries) == count
    told = [("too-many-entries", None, f"it lists {count:,} entries; nuget.org accepts 65,533")]
    assert [tuple(problem) for problem in archive.problems] == (told if refused else [])


def test_65535_entries_with_bad_names_cost_bounded_time_and_memory_and_make_no_65535_problems() -> None:
    data = by_hand([(b"../evil/%d.dll" % (number // 2), b"", 0, 0, b"") for number in range(65_535)])
    started = time.process_time()
    archive = Archive.from_bytes(data)
    assert archive.find_other_case("../EVIL/5.DLL") is not None
    assert time.process_time() - started < 5
    # Tracing alone takes seconds here.
    with bounded(60, 100 * MIB):
        assert Archive.from_bytes(data).find_other_case("../EVIL/5.DLL") is not None
    assert len(archive.entries) == 65_535
    assert archive.counts == {"too-many-entries": 1, "unsafe-name": 65_535, "duplicate-name": 32_767}
    assert kinds(archive).count("unsafe-name") == MOST_OF_A_KIND
    assert kinds(archive).count("duplicate-name") == MOST_OF_A_KIND


def test_a_directory_without_end_is_not_read_to_its_end() -> None:
    header = by_hand([(b"", b"", 0, 0, b"")])
    central = header[header.index(b"PK\x01\x02") : header.index(b"PK\x05\x06")]
    many = central * 80_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(many), 0, 0)
    archive = Archive.from_bytes(many + end)
    assert len(archive.entries) == 70_000
    assert archive.problems[0].detail == "it lists more than 70,000 entries; nuget.org accepts 65,533"
    huge = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 1, 0, 0)
    data = bytes(40 * MIB) + huge
    with bounded(1, 1 * MIB):
        beyond = Archive.from_bytes(data)
    assert beyond.unusable is not None
    assert beyond.unusable.kind == "damaged"
    assert beyond.unusable.detail == "its table of contents takes 41,943,040 bytes, more than the limit of 33,554,432"


def test_zip64_records_are_read_and_checked() -> None:
    plain = by_hand([(b"a.txt", b"hello", 0, 0xFFFFFFFF, struct.pack("<2H2Q", 1, 16, 5, 5))])
    at = plain.index(b"PK\x05\x06")
    start = plain.index(b"PK\x01\x02")
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, at - start, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    archive = Archive.from_bytes(plain[:at] + end64 + locator + end)
    assert archive.problems == ()
    assert archive.entries[0].size == 5
    assert archive.head(archive.entries[0], 9) == b"hello"
    lost = Archive.from_bytes(plain[:at] + end64 + locator[:8] + struct.pack("<QI", 2**63, 1) + end)
    assert lost.unusable is not None
    assert lost.unusable.detail == "its ZIP64 end record should be beyond its end"
    wrong = Archive.from_bytes(plain[:at] + end64 + locator[:8] + struct.pack("<QI", 3, 1) + end)
    assert wrong.unusable is not None
    assert wrong.unusable.detail == "its ZIP64 end record is not where it should be"


def test_an_offset_that_no_system_can_go_to_leads_nowhere() -> None:
    extra = struct.pack("<2H3Q", 1, 24, 5, 5, 2**63)
    data = bytearray(by_hand([(b"a.txt", b"hello", 0, 0xFFFFFFFF, extra)]))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 20, 0xFFFFFFFF)
    struct.pack_into("<I", data, at + 42, 0xFFFFFFFF)
    archive = Archive.from_bytes(bytes(data))
    (entry,) = archive.entries
    assert entry.raw.offset == 2**63
    assert archive.stated_locally(entry) is None
    problem = archive.read(entry, 10).problem
    assert problem is not None
    assert problem.detail == "its declared start is beyond the end of the archive"


def test_a_200_mb_archive_costs_what_a_small_one_does(tmp_path: Path) -> None:
    path = tmp_path / "large.nupkg"
    small = zipped([("My.nuspec", b"<package/>")], zipfile.ZIP_STORED)
    length = 200 * MIB
    offset = length
    with path.open("wb") as file:
        # A hole: the content is never read, so it need not be there.
        file.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, length - 31, length - 31, 1, 0) + b"x")
        file.seek(offset)
        file.write(small[: small.index(b"PK\x01\x02")])
        start = file.tell()
        first = struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, length - 31, length - 31, 1, 0, 0, 0, 0, 0, 0
        )  # fmt: skip
        second = bytearray(small[small.index(b"PK\x01\x02") : small.index(b"PK\x05\x06")])
        struct.pack_into("<I", second, 42, offset)
        directory = first + b"x" + bytes(second)
        file.write(directory)
        file.write(struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), start, 0))
    with bounded(0.5, 2 * MIB):
        archive = Archive.open(path)
        entry = archive.find("My.nuspec")
        assert entry is not None
        assert archive.read(entry, MIB) == (b"<package/>", None)
    assert archive.problems == ()
    assert archive.size > length
