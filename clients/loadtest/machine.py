"""What this machine is and what processes on it cost: read from /proc, empty where that is not to be had."""

from __future__ import annotations

import os
import platform
import resource
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_LISTENING: Final = "0A"


def own_cpu_s() -> float:
    """CPU time of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_s(pid: int) -> float | None:
    """CPU time of a process so far; None when it is gone or hidden."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        # A clock tick is 10 ms; the scheduler's own count is finer where the main thread is all there is.
        if int(fields[17]) == 1:
            return int((_PROC / str(pid) / "schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stolen_s() -> tuple[float, ...]:
    """Of each core, the time so far that it had work and the host gave it to others (`steal` of proc(5)); none outside a
    virtual machine."""
    try:
        lines = (_PROC / "stat").read_text().splitlines()
        cores = [line.split() for line in lines if line.startswith("cpu") and not line.startswith("cpu ")]
        return tuple(int(fields[8]) / os.sysconf("SC_CLK_TCK") for fields in cores)
    except (OSError, ValueError, IndexError):
        return ()


def memory_bytes(pid: int) -> int | None:
    """Resident memory of a process."""
    try:
        pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class UdpSocket:
    """A UDP socket of this machine: its port, what it had no room for, and its inode."""

    port: int
    dropped: int
    inode: int


def udp_sockets() -> Iterator[UdpSocket]:
    """All UDP sockets of this machine."""
    for fields in _rows("udp", "udp6"):
        yield UdpSocket(int(fields[1].rpartition(":")[2], 16), int(fields[12]), int(fields[9]))


def udp_dropped(ports: Collection[int]) -> int:
    """Datagrams that the sockets on these local ports had no room for, so far."""
    return sum(one.dropped for one in udp_sockets() if one.port in ports)


def owners(*, udp: Collection[int] = (), tcp: Collection[int] = ()) -> dict[int, str]:
    """The processes of this machine that have these UDP ports open or listen on these TCP ports, with which of
    both as `udp` or `tcp`. Those of other users are not seen."""
    wanted = {one.inode: "udp" for one in udp_sockets() if one.port in udp}
    for fields in _rows("tcp", "tcp6"):
        if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) in tcp:
            wanted[int(fields[9])] = "tcp"
    found: dict[int, str] = {}
    if not wanted:
        return found
    for folder in _PROC.glob("[0-9]*"):
        if int(folder.name) == os.getpid():
            continue
        try:
            links = [os.readlink(link) for link in (folder / "fd").iterdir()]
        except OSError:
            continue
        for link in links:
            if link.startswith("socket:[") and int(link[8:-1]) in wanted:
                found[int(folder.name)] = wanted[int(link[8:-1])]
    return found


def is_here(host: str) -> bool:
    """Whether this name or address is on this machine's loopback."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", socket.gethostname())


def _rows(*names: str) -> Iterator[list[str]]:
    for name in names:
        try:
            lines = (_PROC / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            yield line.split()


def described() -> dict[str, str]:
    """This machine, without its name."""
    model, memory_kib = platform.machine(), 0
    try:
        for line in (_PROC / "cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
        first = next(line for line in (_PROC / "meminfo").read_text().splitlines() if "MemTotal" in line)
        memory_kib = int(first.split()[1])
    except (OSError, StopIteration):
        pass
    return {
        "processor": f"{model}, {os.cpu_count()} cores",
        "memory": f"{memory_kib / 2**20:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }
