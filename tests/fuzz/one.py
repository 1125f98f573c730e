"""Fuzzes one target in this process, with coverage of the hub's code: `python -m tests.fuzz.one TARGET SECONDS FOLDER`.

In FOLDER: `corpus` is kept from run to run; `suspects` gets each input that raised something new or was slow here, where
everything is slower for being watched. Whoever called judges them again (tests/fuzz/__main__.py).
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hub"]):
    from tests.fuzz.target import Escape, judge
    from tests.fuzz.targets import TARGETS, found_inputs

#: More suspects than this say nothing new.
MAX_SUSPECTS = 50


def main(name: str, seconds: str, folder: str) -> None:
    """Fuzz until the time is up; libFuzzer then ends the process."""
    target = TARGETS[name]
    corpus, suspects = Path(folder, "corpus"), Path(folder, "suspects")
    for path in (corpus, suspects):
        path.mkdir(parents=True, exist_ok=True)
    for data in (*target.seeds(), *found_inputs().values()):
        Path(corpus, hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = Path(folder, "words")
    quoted = ("".join(rf"\x{byte:02x}" for byte in word) for word in target.words)
    words.write_text("".join(f'"{word}"\n' for word in quoted))
    known: set[str] = set()
    run = target.begin()

    def one_input(data: bytes) -> None:
        escape = judge(run, target.refusals, data)
        if escape is not None:
            keep(escape, data)

    def keep(escape: Escape, data: bytes) -> None:
        kind = escape.what if escape.error is not None else f"slow, {len(data) // 100}"
        if kind not in known and len(known) < MAX_SUSPECTS:
            known.add(kind)
            print(f"suspect: {escape.what}", flush=True)
            Path(suspects, hashlib.sha256(data).hexdigest()[:16] + ".bin").write_bytes(data)

    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={seconds}",
        f"-max_len={target.longest}",
        f"-artifact_prefix={suspects}{os.sep}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    if target.words:
        arguments.append(f"-dict={words}")
    atheris.Setup(arguments, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:4])
