"""Texts for people: everybody's writing is taken, control characters are not, in commands, searches and names alike."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from hub.errors import Refusal
from hub.fields import has_unfit_characters
from hub.rules import parse_data
from signaling.params import Params

WRITING = {
    "wide space": "坦渡　水库",
    "joined emoji": "👨‍👩‍👧‍👦",
    "extension B": "𠮷",
    "extension G": "\U00030000",
    "extension H": "\U00031350",
    "extension I": "\U0002ebf0",
    "private use": "\ue000",
    "isolates": "\u2068abc\u2069",
    "no-break space": "a\u00a0b",
    "variation selector": "葛\U000e0100",
    "tab": "a\tb",
}
NOT_WRITING = {
    "bell": "a\x07b",
    "zero": "a\0b",
    "delete": "a\x7fb",
    "C1": "a\x9bb",
    "override": "撤离\u202e123\u202c人",
    "half a pair": "a\ud83d",
}


def searched(text: str) -> str | None:
    address = URL("/api/v1/meetings").with_query({"q": text})
    return Params(make_mocked_request("GET", str(address)), {"q"}).text("q")


@pytest.mark.parametrize("text", WRITING.values(), ids=WRITING)
def test_everybodys_writing_can_be_searched_for_and_said(text: str) -> None:
    assert searched(text) == text
    assert parse_data("note.add", {"text": text})["text"] == text


@pytest.mark.parametrize("text", NOT_WRITING.values(), ids=NOT_WRITING)
def test_control_characters_are_refused_by_field(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_data("note.add", {"text": text})
    assert (refused.value.code, refused.value.field) == ("invalid", "text")
    if text.isascii() or "\ud83d" not in text:
        with pytest.raises(Refusal) as refused:
            searched(text)
        assert (refused.value.code, refused.value.field) == ("invalid", "q")


def test_of_all_characters_only_controls_overrides_and_halves_are_unfit() -> None:
    refused = {char for char in map(chr, range(sys.maxunicode + 1)) if has_unfit_characters(char)}
    controls = {char for char in map(chr, range(0xA0)) if unicodedata.category(char) == "Cc"}
    halves = set(map(chr, range(0xD800, 0xE000)))
    assert refused == (controls - {"\t", "\n", "\r", "\x85"}) | halves | {"\u202d", "\u202e"}
    assert parse_data("note.add", {"text": "a\r\nb\rc\x85d"})["text"] == "a\nb\nc\nd"
