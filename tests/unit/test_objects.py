"""Objects as values: how entries name them, what kinds are taken, how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.errors import Refusal
from hub.objects.kinds import KINDS, require_beginning, require_kind, saved_as, shown_inline
from hub.objects.quota import Limits, Standing, admit
from hub.objects.reference import NamedObject, named_in, objects_of

ONE, TWO = "1" * 64, "2" * 64
LIMITS = Limits(object_bytes=100, day_bytes=250, total_bytes=1000, in_flight=2)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ZIP = b"PK\x03\x04" + b"\0" * 20
MP4 = b"\0\0\0\x18ftypisom" + b"\0" * 20


def named(digest: str) -> dict[str, object]:
    return {"object": digest, "name": "水位.jpg", "type": "image/jpeg", "bytes": 3}


def test_an_entry_names_objects_in_its_fields_and_in_lists_and_nowhere_deeper() -> None:
    data = {"text": "x", "photo": named(ONE), "files": [named(TWO), named(ONE)], "n": 3, "none": []}
    assert objects_of(data) == [ONE, TWO]
    assert [each["object"] for each in named_in(data)] == [ONE, TWO, ONE]
    assert objects_of({"a": {"b": named(ONE)}, "b": [[named(ONE)]], "object": ONE}) == []
    assert (
        objects_of({"a": {"object": ONE[:-1]}, "b": [{"object": 1}], "c": {"object": ONE.upper() + "A"}})
        == []
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": "A" * 64},
        {"object": ONE[1:]},
        {"name": ""},
        {"name": "a\x00b"},
        {"bytes": 0},
        {"bytes": True},
        {"bytes": "3"},
        {"more": 1},
    ],
)
def test_a_command_names_an_object_exactly_or_not_at_all(wrong: dict[str, object]) -> None:
    NamedObject.model_validate(named(ONE))
    with pytest.raises(ValidationError):
        NamedObject.model_validate({**named(ONE), **wrong})


@pytest.mark.parametrize(
    "type_", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/javascript", ""]
)
def test_nothing_that_runs_as_a_page_is_taken(type_: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_kind(type_)
    assert refused.value.code == "unsupported_media"
    assert not shown_inline(type_)


@pytest.mark.parametrize(
    ("type_", "head", "taken"),
    [
        ("image/png", PNG, True),
        ("image/jpeg", PNG, False),
        ("image/png", b"<html><script>", False),
        ("image/gif", b"GIF89a<script>", True),
        ("application/pdf", b"%PDF-1.7", True),
        ("application/pdf", b"<svg", False),
        ("video/mp4", MP4, True),
        ("video/mp4", b"\x1a\x45\xdf\xa3", False),
        ("video/webm", b"\x1a\x45\xdf\xa3", True),
        ("audio/mpeg", b"\xff\xfb\x90\x00", True),
        ("audio/mpeg", b"\xff\xf1\x90", False),
        ("audio/wav", b"RIFF\0\0\0\0WAVE", True),
        ("image/webp", b"RIFF\0\0\0\0WAVE", False),
        ("text/csv", "村,户数\n坦渡村,321".encode("gb18030"), True),
        ("text/csv", ZIP, False),
        ("text/plain", "中文".encode("utf-16"), True),
        ("application/zip", ZIP, True),
        ("application/msword", ZIP, False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP, True),
    ],
)
def test_what_is_declared_must_be_what_the_bytes_say(type_: str, head: bytes, taken: bool) -> None:
    if taken:
        require_beginning(type_, head)
    else:
        with pytest.raises(Refusal, match="begins otherwise"):
            require_beginning(type_, head)


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=40))
def test_only_pictures_sound_film_and_pdf_are_shown_by_a_browser_itself(type_: str, head: bytes) -> None:
    kind = KINDS[type_]
    assert (
        not kind.inline
        or type_.partition("/")[0] in {"image", "audio", "video"}
        or type_ == "application/pdf"
    )
    kind.begins(head)  # however short
    assert kind.suffixes[0].startswith(".")


@pytest.mark.parametrize(
    ("name", "type_", "saved"),
    [
        ("水位.jpg", "image/jpeg", "水位.jpg"),
        ("水位.JPEG", "image/jpeg", "水位.JPEG"),
        ("run.exe", "image/jpeg", "run.exe.jpg"),
        ("../../etc/passwd", "text/plain", "_.._etc_passwd.txt"),
        ('a"b\r\nc', "text/plain", "a_b__c.txt"),
        ("...", "image/png", "file.png"),
        ("a", "application/unknown", "a.bin"),
    ],
)
def test_a_file_is_saved_under_a_name_that_fits_its_type(name: str, type_: str, saved: str) -> None:
    assert saved_as(name, type_) == saved


@pytest.mark.parametrize(
    ("standing", "wanted", "code"),
    [
        (Standing(0, 0, 0), 100, None),
        (Standing(0, 0, 0), 101, "too_large"),
        (Standing(0, 0, 0), 0, "invalid"),
        (Standing(0, 1, 0), 1, None),
        (Standing(0, 2, 0), 1, "too_many"),
        (Standing(200, 0, 0), 50, None),
        (Standing(200, 0, 0), 51, "too_many"),
        (Standing(0, 0, 950), 50, None),
        (Standing(0, 0, 950), 51, "unavailable"),
    ],
)
def test_an_upload_is_admitted_within_every_limit_and_refused_beyond_it(
    standing: Standing, wanted: int, code: str | None
) -> None:
    if code is None:
        admit(LIMITS, standing, wanted)
        return
    with pytest.raises(Refusal) as refused:
        admit(LIMITS, standing, wanted)
    assert refused.value.code == code
