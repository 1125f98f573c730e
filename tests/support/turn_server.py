"""The hub's relay under test: `hub turn` on this machine's end of a cable, and a certificate for it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.hub_process import ROOT, free_port
from tests.support.waiting import eventually


def certificate(folder: Path, address: str, *names: str) -> tuple[Path, Path, Path]:
    """An authority of one's own, and a certificate of it for this address and these names.

    Returns the files of the authority's certificate, of the certificate, and of its key.
    """
    authority, key = folder / "authority.pem", folder / "authority.key"
    certificate, own, request = folder / "turn.pem", folder / "turn.key", folder / "turn.csr"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    extensions = folder / "extensions"
    all_names = ",".join((f"IP:{address}", *(f"DNS:{name}" for name in names)))
    extensions.write_text(f"subjectAltName={all_names}\nextendedKeyUsage=serverAuth\n")
    root = f"req -x509 -keyout {key} -out {authority} -days 2 -subj /CN=authority"
    asked = f"req -keyout {own} -out {request} -subj /CN=relay"
    signed = f"x509 -req -in {request} -CA {authority} -CAkey {key} -out {certificate} -days 2 -extfile {extensions}"
    for command in ([*root.split(), *curve], [*asked.split(), *curve], signed.split()):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return authority, certificate, own


async def answers(address: str, port: int) -> bool:
    """Whether something takes connections there."""
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def running_turn(folder: Path, address: str, **settings: str) -> AsyncIterator[int]:
    """`hub turn` for a hub whose media is at this address; yields its port."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "HUB_DATA_DIR": str(folder),
        "HUB_MEDIA_HOST": address,
        "HUB_TURN_PORT": str(port),
        **settings,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "turn.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "turn"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        await eventually(lambda: answers(address, port), 20, "the relay does not listen")
        yield port
    finally:
        process.terminate()
        process.wait(20)
