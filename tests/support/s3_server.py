"""A real S3 server of the test's own (SeaweedFS), on loopback, with one bucket's keys and nothing else."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from tests.support.hub_process import free_port
from tests.support.waiting import eventually

BUCKET = "lianxian-objects"
COPIES = "lianxian-copies"
_PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc"),
    *("filer.port", "filer.port.grpc", "s3.port", "s3.port.grpc"),
)


@dataclass
class S3Server:
    """The server; `start` after `kill` finds what was there."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in _PORTS})
    key: str = "hub-key"
    secret: str = "hub-secret"
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    @property
    def settings(self) -> dict[str, str]:
        """What a hub is told of it."""
        return {
            "HUB_OBJECTS_S3_URL": self.url,
            "HUB_OBJECTS_S3_BUCKET": BUCKET,
            "HUB_OBJECTS_S3_KEY": self.key,
            "HUB_OBJECTS_S3_SECRET": self.secret,
        }

    def launch(self) -> None:
        """Begin the process; `ready` waits for it."""
        self.folder.mkdir(exist_ok=True)
        credentials = [{"accessKey": self.key, "secretKey": self.secret}]
        who = {"name": "hub", "credentials": credentials, "actions": ["Admin", "Read", "Write", "List"]}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [who]}))
        arguments = [
            *(str(Path(sys.executable).with_name("weed")), "-logtostderr=true", "server"),
            *(f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.volumeSizeLimitMB=128"),
            *("-volume.max=8", "-s3", f"-s3.config={self.folder / 's3.json'}", "-s3.iam=false"),
            *("-s3.port.iceberg=0", "-s3.port.lance=0"),
            # one that is begun again waits so long for others that would lead
            *("-master.electionTimeout=1s", "-master.heartbeatInterval=100ms"),
            *(f"-{name}={port}" for name, port in self.ports.items()),
        ]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    @property
    def copies(self) -> dict[str, str]:
        """What a hub is told of it that keeps its second copy here; await `ready(COPIES)`."""
        return {
            name.replace("OBJECTS", "COPIES"): COPIES if name.endswith("BUCKET") else value
            for name, value in self.settings.items()
        }

    def stall(self) -> None:
        """Have it stand still: connections are taken, nothing is answered. `go_on` ends that."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After `stall`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once: it takes its time after SIGTERM."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def ready(self, bucket: str = BUCKET) -> None:
        """Until it takes an object into the bucket, which is made when it is missing."""
        async with self.client() as client:

            async def takes() -> bool:
                assert self._process is not None
                assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]
                with contextlib.suppress(ClientError, BotoCoreError):  # not up yet, or the bucket is there
                    await client.create_bucket(Bucket=bucket)
                with contextlib.suppress(ClientError, BotoCoreError):
                    await client.put_object(Bucket=bucket, Key="ready", Body=b"1")
                    return True
                return False

            await eventually(takes, 60, "the S3 server does not answer")

    def client(self) -> Any:
        """A client of our own, as a context."""
        return get_session().create_client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            config=AioConfig(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """A server that ends with the context; await its `ready`."""
    server = S3Server(folder)
    server.launch()
    try:
        yield server
    finally:
        server.kill()
