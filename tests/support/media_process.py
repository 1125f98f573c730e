"""A media node in a process of its own, for measurements and for what a shared loop would blur."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from hub.media.node.process import run_node
from tests.support.media_node import node_config

_ROOT = Path(__file__).resolve().parents[2]


class NodeProcess:
    """``with NodeProcess(link_url) as process``: ended with the block. Output goes where the test's goes."""

    def __init__(
        self, link_url: str, output: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """`environment`: variables beside those of this process."""
        self._link_url = link_url
        self._output = output
        self._environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> NodeProcess:
        output = open(self._output, "wb") if self._output is not None else None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.media_process", self._link_url],
            cwd=_ROOT,
            env=self._environment,
            stdout=output,
            stderr=output,
        )
        if output is not None:
            output.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def cpu_s(self) -> float:
        """CPU time of the node so far, user and system (Linux schedstat)."""
        return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory_bytes(self) -> int:
        """Resident memory of the node."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    asyncio.run(run_node(node_config(sys.argv[1])))
