"""An authority of a test's own that a browser trusts: as a house installs its authority on its machines."""

from __future__ import annotations

import subprocess
from pathlib import Path


def trusting(folder: Path, authority: Path) -> None:
    """Make a certificate database (NSS) in this folder that trusts this authority (PEM) for servers."""
    folder.mkdir(parents=True)
    taken = ["-A", "-n", "test", "-t", "C,,", "-i", str(authority)]
    for each in (["-N", "--empty-password"], taken):
        subprocess.run(["certutil", *each, "-d", f"sql:{folder}"], check=True, capture_output=True)


def chromium_home(home: Path, authority: Path) -> Path:
    """A home folder with which Chromium trusts this authority; returns it."""
    trusting(home / ".pki" / "nssdb", authority)
    return home
