"""Which compiled library is used, and what happens without one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hub.media import native
from tests.support.native_library import FOLDER, needs_compiler


@needs_compiler
def test_a_library_of_other_sources_is_not_used(tmp_path: Path) -> None:
    stale = tmp_path / "stale.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", stale, *FOLDER.glob("f*.c")], check=True)
    found = native.load(stale)
    assert found.library is None
    assert found.state.startswith("built from other sources")


def test_without_a_library_the_hub_says_so_and_forwards_in_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert native.load(tmp_path / "none.so").state.startswith("not built")
    (tmp_path / "broken.so").write_bytes(b"no library")
    assert native.load(tmp_path / "broken.so").state.startswith("cannot be loaded")
    monkeypatch.setenv(native.SWITCH, "0")
    assert native.load(native.LIBRARY).state.startswith("switched off")
