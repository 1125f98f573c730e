"""THIRD-PARTY-NOTICES names what is pinned, under its licence, and what the wheels bundle; docs/third-party.md agrees."""

from __future__ import annotations

import platform
import re
import sys
from importlib.metadata import distribution
from pathlib import Path

import av
import pytest

from tools import third_party
from tools.bundled_libraries import SHARED
from tools.third_party import (
    ROOT,
    TARGET,
    Unknown,
    listed,
    origin_of,
    page_facts,
    page_pins,
    pins,
    shared_libraries,
)

PAGE = (ROOT / "docs" / "third-party.md").read_text()
#: Wheels, and so what is bundled, are others on other systems.
ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the wheels of another system"
)


def wanted() -> set[str]:
    """The lines that the pins of today ask for."""
    python = {
        f"{name} | {version} | {third_party.licence_of(name, distribution(name))}"
        for name, version in pins().items()
        if sys.platform == "linux" or name != "pysqlite3"
    }
    return python | {" | ".join(page_facts(path, at)) for path, at in page_pins().items()}


@ON_LINUX
def test_the_notices_list_what_is_pinned() -> None:
    stands = listed(TARGET.read_text())
    assert stands == wanted(), "make notices"
    assert len(stands) > 90


@ON_LINUX
def test_a_stale_file_and_a_moved_pin_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(third_party, "page_pins", dict)
    monkeypatch.setattr(third_party, "TARGET", tmp_path / "notices")
    assert third_party.main([]) == 0
    assert third_party.main(["--check"]) == 0
    text = (tmp_path / "notices").read_text()
    (tmp_path / "notices").write_text(text.replace("aiohttp | 3.", "aiohttp | 2."))
    assert third_party.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    monkeypatch.setattr(third_party, "pins", lambda: {"aiohttp": "1.0"})
    assert third_party.main([]) == 1
    assert "aiohttp is pinned to 1.0" in capsys.readouterr().err
    monkeypatch.setattr(third_party, "pins", lambda: {"left-pad": "1.0"})
    assert third_party.main([]) == 1
    assert "not installed" in capsys.readouterr().err
    monkeypatch.setattr(third_party, "pins", dict)
    assert third_party.main(["--what"]) == 2


@ON_LINUX
@pytest.mark.parametrize("package", ["av", "pillow", "psycopg-binary", "google-crc32c"])
def test_the_notices_name_every_library_that_a_wheel_bundles(package: str) -> None:
    text = " ".join(TARGET.read_text().split())
    libraries = shared_libraries(package)
    assert libraries
    assert [library for library in libraries if origin_of(library) not in text] == []


def test_a_library_of_which_nobody_knows_the_licence_is_an_error() -> None:
    with pytest.raises(Unknown, match="libsecret"):
        origin_of("libsecret-1234abcd.so.3")
    with pytest.raises(Unknown, match="left-pad"):
        page_facts("node_modules/left-pad", {"version": "1.0"})


@ON_LINUX
def test_the_page_names_the_libraries_under_the_gpl_that_pyav_bundles() -> None:
    stems = {re.split(r"[-.]", library)[0] for library in shared_libraries("av")}
    bound = {SHARED[stem].project for stem in stems if SHARED[stem].licence.startswith("GPL")}
    assert bound == {"x264", "x265"}
    assert f"FFmpeg {av.ffmpeg_version_info}" in PAGE
    for stem in stems:
        assert SHARED[stem].project.removeprefix("GNU ") in PAGE, (
            f"{stem} is bundled and docs/third-party.md is silent"
        )


def test_no_text_names_a_registry() -> None:
    names = re.compile(r"pypi\.org|pythonhosted|npmjs|npmmirror|crates\.io|docker\.io", re.IGNORECASE)
    for file in (TARGET, ROOT / "docs" / "third-party.md", Path(third_party.__file__)):
        assert names.findall(file.read_text()) == [], file.name


def test_the_image_holds_the_notices() -> None:
    image = (ROOT / "Dockerfile").read_text()
    last_stage = image[image.rindex("\nFROM ") :]
    assert "COPY THIRD-PARTY-NOTICES ./" in last_stage
    assert "COPY THIRD-PARTY-NOTICES clients/web/dist/" in last_stage
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert TARGET.name not in ignored
