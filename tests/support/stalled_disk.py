"""A disk that hangs at a test's word: what a process with `environment` writes below a folder waits until it is let go."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("stalled_writes.c")


class StalledDisk:
    """For processes started with `environment`, and the folder given."""

    def __init__(self, folder: Path, work: Path) -> None:
        """Skips the test where there is no C compiler."""
        if shutil.which("cc") is None:
            pytest.skip("there is no C compiler here")
        library, self._flag = work / "stalled_writes.so", work / "stalled"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "STALL_FOLDER": str(folder),
            "STALL_FLAG": str(self._flag),
        }

    def stall(self) -> None:
        """Nothing is written from now on."""
        self._flag.touch()

    def let_go(self) -> None:
        """The disk works again."""
        self._flag.unlink()
