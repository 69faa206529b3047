from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.output.display import TAB_STOP, lay_out
from umbmarket.output.excerpt import ELLIPSIS, NARROWEST, Excerpt, excerpt

FAMILY = "👩\u200d👩\u200d👧"


def marked(line: str, place: str, width: int = 80) -> Excerpt:
    start = line.index(place)
    return excerpt(line, start, start + len(place), width)


def carets(shown: Excerpt) -> str:
    return " " * shown.indent + "^" * shown.carets


@pytest.mark.parametrize(
    ("line", "place", "source", "below"),
    [
        ('  "Category": "PIM",', '"PIM"', '  "Category": "PIM",', "              ^^^^^"),
        ('\t"A": "b"', '"A"', '    "A": "b"', "    ^^^"),
        ('{\t"A":\t"b"', '"b"', '{   "A":    "b"', "            ^^^"),
        ('"Søk": "x"', '"x"', '"Søk": "x"', "       ^^^"),
        ('"包裹": "x"', '"x"', '"包裹": "x"', "        ^^^"),
        ('"包裹": "x"', "包裹", '"包裹": "x"', " ^^^^"),
        ('"ＡＢ": "ｱ"', "ｱ", '"ＡＢ": "ｱ"', "         ^"),
        ('"😀": "x"', '"x"', '"😀": "x"', "      ^^^"),
        (f'"{FAMILY}": "x"', '"x"', f'"{FAMILY}": "x"', "      ^^^"),
        (f'"{FAMILY}": "x"', "👧", f'"{FAMILY}": "x"', " ^^"),
        ('"👩🏽\u200d🚀": "x"', '"x"', '"👩🏽\u200d🚀": "x"', "      ^^^"),
        ('"❤\ufe0f\u200d🔥": "x"', '"x"', '"❤\ufe0f\u200d🔥": "x"', "      ^^^"),
        ('"❤": "x"', '"x"', '"❤": "x"', "     ^^^"),
        ('"1\ufe0f\u20e3": "x"', '"x"', '"1\ufe0f\u20e3": "x"', "      ^^^"),
        ('"🇳🇴": "x"', '"x"', '"🇳🇴": "x"', "      ^^^"),
        ('"e\u0301a\u0308": "x"', '"x"', '"e\u0301a\u0308": "x"', "      ^^^"),
        ('"e\u0301a": "x"', "\u0301", '"e\u0301a": "x"', " ^"),
        ('"क\u094dष": "x"', '"x"', '"क\u094dष": "x"', "      ^^^"),
        ('"क\u094d\u200dष": "x"', '"x"', '"क\u094d\u200dष": "x"', "      ^^^"),
        ('"\u1112\u1161\u11ab": "x"', '"x"', '"\u1112\u1161\u11ab": "x"', "      ^^^"),
        ('"a\x1bb": "x"', '"x"', r'"a\x1bb": "x"', "          ^^^"),
        ('"a\x1bb": "x"', "\x1b", r'"a\x1bb": "x"', "  ^^^^"),
        ('"\u202e": "x"', '"x"', r'"\u202e": "x"', "          ^^^"),
        ('"##[error]": "x"', '"x"', r'"\x23#[error]": "x"', "                ^^^"),
        ('"##vso[a]": "x"', "##", r'"\x23#vso[a]": "x"', " ^^^^^"),
        ("## no command", "no", "## no command", "   ^^"),
        ("\u0301x", "x", "\u0301x", "^"),
    ],
)
def test_carets_stand_under_the_place(line, place, source, below):
    shown = marked(line, place)
    assert shown.source == source
    assert carets(shown) == below


@pytest.mark.parametrize(
    ("start", "end", "below"),
    [(0, 0, "^"), (3, 3, "   ^"), (4, 4, "    ^"), (99, 120, "    ^"), (2, 99, "  ^^"), (3, 1, "   ^")],
)
@pytest.mark.parametrize("line", ["abcd", "åbcd"])
def test_an_empty_place_gets_one_caret_and_none_leaves_the_line(line, start, end, below):
    assert carets(excerpt(line, start, end, 80)) == below


def test_an_empty_line():
    assert excerpt("", 0, 0, 80) == Excerpt("", 0, 1)


class TestLongLines:
    def test_the_start_is_kept_while_the_place_shows(self):
        line = '"Key": "value", ' + "x" * 100
        shown = marked(line, '"value"', 40)
        assert shown.source == line[:37] + ELLIPSIS
        assert carets(shown) == "       ^^^^^^^"

    def test_a_place_further_on_comes_to_the_middle(self):
        shown = marked("a" * 100 + "MARK" + "b" * 100, "MARK", 40)
        assert shown.source == "..." + "a" * 15 + "MARK" + "b" * 15 + "..."
        assert carets(shown) == " " * 18 + "^^^^"

    def test_the_end_is_kept_where_it_is_near(self):
        shown = marked("a" * 100 + "MARK" + "b" * 5, "MARK", 40)
        assert shown.source == "..." + "a" * 28 + "MARK" + "b" * 5
        assert carets(shown) == " " * 31 + "^^^^"

    def test_a_place_at_the_very_end(self):
        shown = excerpt("a" * 100, 100, 100, 40)
        assert shown.source == "..." + "a" * 36
        assert carets(shown) == " " * 39 + "^"

    def test_of_a_place_that_is_too_long_the_start_shows_after_its_key(self):
        shown = marked('  "Key": "' + "x" * 200 + '",', '"' + "x" * 200 + '"', 40)
        assert shown.source == '  "Key": "' + "x" * 27 + "..."
        assert carets(shown) == " " * 9 + "^" * 28

    def test_of_one_further_on_too(self):
        shown = marked("k" * 60 + "M" * 200, "M" * 200, 40)
        assert shown.source == "..." + "k" * 11 + "M" * 23 + "..."
        assert carets(shown) == " " * 14 + "^" * 23

    def test_wide_characters_are_cut_between_not_through(self):
        shown = marked("包" * 50 + "MARK" + "裹" * 50, "MARK", 41)
        assert shown.source == "..." + "包" * 7 + "MARK" + "裹" * 8 + "..."
        assert carets(shown) == " " * 17 + "^^^^"
        assert len("包" * 7 + "裹" * 8) * 2 + 4 + 6 <= 41

    def test_escapes_count_as_long_as_they_are_shown(self):
        shown = marked("\x1b" * 30 + "MARK" + "\x1b" * 30, "MARK", 40)
        assert shown.source == "..." + r"\x1b" * 3 + "MARK" + r"\x1b" * 3 + "..."
        assert carets(shown) == " " * 15 + "^^^^"

    def test_a_narrow_terminal_still_gets_some(self):
        shown = marked("a" * 100 + "MARK" + "b" * 100, "MARK", 1)
        assert len(shown.source) == NARROWEST == 24
        assert shown.source[shown.indent :].startswith("MARK")

    @pytest.mark.parametrize("char", ["a", "é", "包", "\x1b", "\u0301", "👩\u200d"])
    def test_a_line_of_a_megabyte(self, char):
        shown = marked(char * (1_000_000 // len(char)) + "MARK" + char * 1000, "MARK")
        assert "MARK" in shown.source
        assert shown.carets == 4
        assert len(shown.source) <= 4 * 80


PIECES = st.text(
    st.one_of(
        st.sampled_from("abc\t包裹é\u0301\u200d\ufe0f👩🏽🚀❤\x1b\u202e##[]vso\u1112\u1161क\u094d1\u20e3"),
        st.characters(),
    ),
    max_size=60,
)


@given(PIECES, st.integers(0, 70), st.integers(0, 70), st.integers(0, 60))
def test_every_place_of_every_line_is_marked_inside_what_is_shown(line, start, length, width):
    shown = excerpt(line, start, start + length, width)
    cells = lay_out(shown.source).offsets[-1]
    assert shown.carets >= 1
    assert cells <= max(width, NARROWEST)
    assert shown.indent + shown.carets <= max(cells, shown.indent) + 1


@given(PIECES)
def test_a_layout_places_every_code_point(line):
    layout = lay_out(line)
    assert len(layout.piece_of) == len(line)
    assert layout.piece_of == sorted(layout.piece_of)
    assert layout.offsets == sorted(layout.offsets)
    assert len(layout.offsets) == len(layout.pieces) + 1
    assert "\t" not in "".join(layout.pieces)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="#")))
def test_each_character_of_plain_ascii_is_a_piece_and_a_cell(line):
    assert lay_out(line) == (list(line), list(range(len(line) + 1)), list(range(len(line))))


def test_tabs_go_to_the_next_stop():
    assert TAB_STOP == 4
    assert lay_out("\ta\tbcd\t\t").pieces == ["    ", "a", "   ", "b", "c", "d", " ", "    "]
