"""A stretch of time measured: what viewers saw, what the hub and this generator used, and the course of both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from clients.loadtest.crowd import Pulse, Viewers
from clients.loadtest.machine import cpu_s, is_here, memory_bytes, own_cpu_s, owners, stolen_s, udp_dropped
from clients.loadtest.peer import LightPeer
from clients.loadtest.tally import Tally

_PULSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub's processes, as far as they are on this machine: pids by name, and the nodes' UDP ports."""

    pids: Mapping[str, int] = field(default_factory=dict)
    ports: frozenset[int] = frozenset()

    def cpu_s(self) -> dict[str, float]:
        """CPU time of each so far."""
        found = {name: cpu_s(pid) for name, pid in self.pids.items()}
        return {name: spent for name, spent in found.items() if spent is not None}

    def memory_bytes(self) -> dict[str, int]:
        """Resident memory of each."""
        found = {name: memory_bytes(pid) for name, pid in self.pids.items()}
        return {name: held for name, held in found.items() if held is not None}

    @property
    def dropped(self) -> int:
        """Datagrams that the nodes' ports had no room for so far."""
        return udp_dropped(self.ports) if self.ports else 0


def find_hub(peers: Collection[LightPeer], url: str = "") -> Hub:
    """Look for the processes that these peers and this URL are served by."""
    addresses = {peer.transport.remote_address for peer in peers}
    ports = frozenset(address[1] for address in addresses if address is not None and is_here(address[0]))
    parts = urlsplit(url)
    http = {parts.port or 80} if parts.hostname and is_here(parts.hostname) else set()
    pids: dict[str, int] = {}
    for pid, kind in sorted(owners(udp=ports, tcp=http).items()):
        name = "node" if kind == "udp" else "control"
        pids[name if name not in pids else f"{name} {pid}"] = pid
    return Hub(pids, ports)


@dataclass(slots=True)
class Window:
    """One measured stretch. `cpu` are shares of one core by process of the hub; `sender_late_s` how late a publisher
    of ours sent at worst; `stolen` the share of its time that the host took from the core it took most from; `course` has a
    row a second."""

    name: str
    seconds: float
    tally: Tally
    cpu: dict[str, float]
    memory: dict[str, int]
    node_dropped: int
    sender_late_s: float
    own_cpu: float
    stolen: float = 0.0
    course: list[dict[str, float]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """For reports."""
        packets = self.tally.packets
        node = sum(share for name, share in self.cpu.items() if name.startswith("node"))
        return {
            "name": self.name,
            "seconds": round(self.seconds, 1),
            "seen": self.tally.told(self.seconds),
            "cost": {
                "cpu": {name: round(share, 3) for name, share in self.cpu.items()},
                "memory_mib": {name: round(held / 2**20, 1) for name, held in self.memory.items()},
                "node_us_per_packet": round(node * self.seconds * 1e6 / packets, 2)
                if packets and node
                else None,
                "node_dropped_by_kernel": self.node_dropped,
            },
            "generator": {
                "cpu": round(self.own_cpu, 3),
                "busiest_process": round(max(self.own_cpu, self.tally.busiest), 3),
                "late_ms": round(self.tally.late_s * 1000, 1),
                "sender_late_ms": round(self.sender_late_s * 1000, 1),
                "dropped_by_kernel": self.tally.own_drops,
            },
            "machine": {"stolen": round(self.stolen, 3)},
            "delay_points": self.tally.delays.points(),
            "course": self.course,
        }


class Measuring:
    """`begin`, wait, `end`. One at a time for one crowd."""

    def __init__(self, viewers: Viewers, publishers: Collection[LightPeer], hub: Hub) -> None:
        self._viewers = viewers
        self._publishers = publishers
        self._hub = hub
        self._course: list[dict[str, float]] = []
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """From now on it counts."""
        await self._viewers.begin()
        for peer in self._publishers:
            if peer.sender is not None:
                peer.sender.late_s = 0.0
        self._cpu, self._own = self._hub.cpu_s(), own_cpu_s()
        self._dropped, self._stolen = self._hub.dropped, stolen_s()
        self._began = time.monotonic()
        self._task = asyncio.create_task(self._watch(), name="course")

    async def end(self, name: str) -> Window:
        """What it came to."""
        took = time.monotonic() - self._began
        cpu = {
            pid: (spent - self._cpu[pid]) / took
            for pid, spent in self._hub.cpu_s().items()
            if pid in self._cpu
        }
        own = (own_cpu_s() - self._own) / took
        stolen = [after - before for before, after in zip(self._stolen, stolen_s(), strict=False)]
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        tally = await self._viewers.tally()
        late = [peer.sender.late_s for peer in self._publishers if peer.sender is not None]
        return Window(
            name=name,
            seconds=took,
            tally=tally,
            cpu=cpu,
            memory=self._hub.memory_bytes(),
            node_dropped=self._hub.dropped - self._dropped,
            sender_late_s=max(late, default=0.0),
            own_cpu=own,
            stolen=max(stolen, default=0.0) / took,
            course=self._course,
        )

    async def _watch(self) -> None:
        at, cpu, own = self._began, self._cpu, self._own
        while True:
            await asyncio.sleep(_PULSE_S)
            pulse: Pulse = await self._viewers.pulse()
            now = time.monotonic()
            spent, mine = self._hub.cpu_s(), own_cpu_s()
            took = now - at
            row = {
                "s": round(now - self._began, 1),
                "packets_per_s": round(pulse.packets / took),
                "playing": float(pulse.playing),
                "generator_cpu": round((mine - own) / took, 3),
            }
            p95 = pulse.delays.percentile(0.95)
            if p95 is not None:
                row["delay_p95_ms"] = round(p95 * 1000, 2)
            for name, total in spent.items():
                if name in cpu:
                    row[f"{name}_cpu"] = round((total - cpu[name]) / took, 3)
            self._course.append(row)
            at, cpu, own = now, spent, mine


async def measure(
    name: str, viewers: Viewers, publishers: Collection[LightPeer], hub: Hub, seconds: float
) -> Window:
    """Count for so long."""
    measuring = Measuring(viewers, publishers, hub)
    await measuring.begin()
    await asyncio.sleep(seconds)
    return await measuring.end(name)
