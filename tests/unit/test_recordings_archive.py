"""Names in the recordings folder, records beside parts, and what control may tell of a stream."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from recordings.archive import UnsafePath, close_to_others, inside, media_files
from recordings.part import close_record
from recordings.part_record import PartRecord, load_records
from recordings.stream_info import StreamInfo


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../x",
        "a/../../b",
        "/etc/passwd",
        "",
        "a//b",
        ".hidden",
        "a/.b",
        "a\\b",
        "a\x00b",
        "a/" * 9 + "b",
        "ä",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafePath):
        inside(tmp_path, name)


def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(UnsafePath):
        inside(root, "out/file.webm")


def test_plain_steps_are_taken(tmp_path: Path) -> None:
    assert inside(tmp_path, "m_1/r_1/p_1.webm") == tmp_path / "m_1" / "r_1" / "p_1.webm"


def _record(**more: Any) -> PartRecord:
    values: dict[str, Any] = {
        "part": "p_1",
        "recording": "r_1",
        "meeting": "m_1",
        "participant": "a_1",
        "peer": "s_1",
        "name": "坦渡村",
        "center": "430682115210",
        "file": "m_1/r_1/p_1.webm",
        "tracks": [{"kind": "audio", "codec": "opus"}],
        "started_at": "2026-11-23T08:00:00.000000Z",
    }
    return PartRecord(**{**values, **more})


def test_a_record_is_found_again_as_it_was(tmp_path: Path) -> None:
    record = _record()
    record.media_path(tmp_path).parent.mkdir(parents=True)
    record.save(tmp_path)
    assert list(load_records(tmp_path)) == [record]
    assert [path.name for path in (tmp_path / "m_1" / "r_1").iterdir()] == ["p_1.json"]


def test_a_record_written_by_two_threads_holds_the_newest_state(tmp_path: Path) -> None:
    record = _record()
    record.media_path(tmp_path).parent.mkdir(parents=True)
    with ThreadPoolExecutor(4) as pool:
        for number in range(50):
            record.duration_ms = number
            for saved in [pool.submit(record.save, tmp_path) for _ in range(4)]:
                saved.result()
    (found,) = load_records(tmp_path)
    assert found.duration_ms == 49


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{", json.dumps({"part": "p_1", "more": 1}), "\x00"], ids=range(6)
)
def test_a_record_that_cannot_be_read_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "p_1.json").write_text(text)
    assert list(load_records(tmp_path)) == []


def test_a_record_that_names_a_file_elsewhere_is_passed_over(tmp_path: Path) -> None:
    record = _record()
    record.media_path(tmp_path).parent.mkdir(parents=True)
    record.save(tmp_path)
    (tmp_path / "p_2.json").write_text((tmp_path / "m_1/r_1/p_1.json").read_text())
    assert len(list(load_records(tmp_path))) == 1


def test_media_files_are_listed_without_copies_and_records(tmp_path: Path) -> None:
    folder = tmp_path / "m" / "r"
    folder.mkdir(parents=True)
    for name in ("b.webm", "a.mkv", "a.json", "b.webm.copy"):
        (folder / name).write_bytes(b"")
    assert list(media_files(tmp_path)) == ["m/r/a.mkv", "m/r/b.webm"]


def test_a_part_that_holds_nothing_and_nobody_knows_is_erased(tmp_path: Path) -> None:
    record = _record()
    path = record.media_path(tmp_path)
    path.parent.mkdir(parents=True)
    record.save(tmp_path)
    path.write_bytes(b"")
    close_record(record, tmp_path)
    assert record.state == "writing"
    assert list(path.parent.iterdir()) == []


def test_a_part_that_holds_nothing_but_that_control_knows_is_closed(tmp_path: Path) -> None:
    record = _record(opened_told=True)
    record.media_path(tmp_path).parent.mkdir(parents=True)
    record.save(tmp_path)
    close_record(record, tmp_path)
    assert (record.state, record.duration_ms, record.bytes) == ("closed", 0, 0)
    assert len(record.sha256) == 64


_STREAM: dict[str, Any] = {
    "recording": "r",
    "meeting": "m",
    "participant": "a",
    "peer": "s",
    "kind": "video",
    "codec": "VP8",
    "clock_rate": 90000,
    "channels": 0,
    "fmtp": None,
    "ssrc": 7,
    "state": "open",
}


def test_a_stream_is_read_as_it_is_told() -> None:
    info = StreamInfo.from_event(_STREAM)
    assert (info.codec, info.fmtp, info.is_open) == ("vp8", "", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"codec": "theora"},
        {"kind": "audio"},
        {"ssrc": 1 << 32},
        {"ssrc": "x"},
        {"clock_rate": 0},
        {"clock_rate": None},
    ],
)
def test_a_stream_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"stream|codec|range"):
        StreamInfo.from_event({**_STREAM, **wrong})
    with pytest.raises(ValueError, match="without"):
        StreamInfo.from_event({})


def test_what_was_left_open_to_others_is_closed_and_links_are_left(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "recordings", tmp_path / "elsewhere"
    (root / "m_1").mkdir(parents=True)
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    for name in ("a.webm", "b.webm"):
        (root / "m_1" / name).write_bytes(b"x")
        (root / "m_1" / name).chmod(0o644)
    (root / "m_1" / "b.webm").chmod(0o600)
    (root / "link").symlink_to(elsewhere)
    for folder in (root, root / "m_1"):
        folder.chmod(0o755)
    assert close_to_others(root) == 3
    modes = {
        path.name: stat.S_IMODE(path.lstat().st_mode) for path in root.rglob("*") if not path.is_symlink()
    }
    assert modes == {"m_1": 0o700, "a.webm": 0o600, "b.webm": 0o600}
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644
    assert close_to_others(root) == 0
