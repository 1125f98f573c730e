"""A second machine for tests: a network namespace joined to this one by a cable (veth) whose bytes can be counted."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_CLONE_NEWNET = 0x40000000


class SecondMachine:
    """`with SecondMachine() as machine`; needs root. Raises OSError where the system does not permit it.

    `near` and `far` are the addresses of this machine and the other one on the cable, `near6` and `far6` those of IPv6.
    """

    def __init__(self) -> None:
        number = os.getpid() % 10_000
        self.name = f"lianxian-{number}"
        self.near, self.far = (f"10.{200 + number // 256 % 50}.{number % 256}.{end}" for end in (1, 2))
        self.near6, self.far6 = (f"fd4c:{number:x}::{end}" for end in (1, 2))
        self._cable = f"lx{number}"
        self._etc = Path("/etc/netns", self.name)

    def __enter__(self) -> SecondMachine:
        if os.geteuid() != 0:
            raise PermissionError("a network namespace needs root")
        try:
            _ip("netns", "add", self.name)
            far = f"{self._cable}b"
            _ip("link", "add", self._cable, "type", "veth", "peer", "name", far, "netns", self.name)
            _ip("addr", "add", f"{self.near}/30", "dev", self._cable)
            _ip("addr", "add", f"{self.near6}/64", "dev", self._cable, "nodad")
            _ip("link", "set", self._cable, "up")
            for command in (
                ("addr", "add", f"{self.far}/30", "dev", far),
                ("addr", "add", f"{self.far6}/64", "dev", far, "nodad"),
                ("link", "set", far, "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-n", self.name, *command)
        except OSError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._etc, ignore_errors=True)
        for command in (("link", "del", self._cable), ("netns", "del", self.name)):
            with contextlib.suppress(OSError):
                _ip(*command)

    @property
    def command(self) -> list[str]:
        """What to put before a command so that it runs on the other machine."""
        return ["ip", "netns", "exec", self.name]

    @property
    def sent_bytes(self) -> int:
        """Bytes that went over the cable to the other machine so far."""
        return int(Path(f"/sys/class/net/{self._cable}/statistics/tx_bytes").read_text())

    def lets_out(self, *tcp_ports: int) -> None:
        """From now on nothing leaves the other machine but TCP to these ports: no UDP, as many offices have it.

        Raises OSError where the system cannot filter (nftables).
        """
        ports = ", ".join(map(str, tcp_ports))
        rules = f"""
            flush ruleset
            table inet office {{
                chain out {{
                    type filter hook output priority 0; policy drop;
                    oifname lo accept
                    icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} accept
                    tcp dport {{ {ports} }} accept
                }}
            }}"""
        self._filter(rules)

    def loses(self, share: float) -> None:
        """From now on this share of UDP is lost on the cable, each way. Raises OSError as `lets_out`."""
        cable = f"{self._cable}b"
        chains = "".join(
            f"""
                chain {hook} {{
                    type filter hook {hook} device "{cable}" priority 0; policy accept;
                    meta l4proto udp numgen random mod 1000 < {round(share * 1000)} drop
                }}"""
            for hook in ("ingress", "egress")
        )
        lossy = f"table netdev lossy {{{chains}\n}}" if share else ""
        rules = f"table netdev lossy {{}}\ndelete table netdev lossy\n{lossy}\n"
        self._filter(rules)

    def lets_all_out(self) -> None:
        """Whatever was held back before goes out again. Raises OSError as `lets_out`."""
        self._filter("flush ruleset\n")

    def _filter(self, rules: str) -> None:
        done = subprocess.run(
            [*self.command, "nft", "-f", "-"], input=rules, capture_output=True, text=True, timeout=20
        )
        if done.returncode:
            raise OSError(done.returncode, f"nft: {done.stderr.strip()}")

    def knows(self, name: str, address: str) -> None:
        """Programs that are started on the other machine from now on find this name at this address."""
        # `ip netns exec` puts what is here over /etc
        self._etc.mkdir(parents=True, exist_ok=True)
        with open(self._etc / "hosts", "a") as hosts:
            # Chromium asks with the dot at the end
            hosts.write(f"127.0.0.1 localhost\n{address} {name} {name}.\n")

    def without_ipv4(self) -> None:
        """From now on the other machine has IPv6 alone."""
        _ip("-n", self.name, "-4", "addr", "flush", "dev", f"{self._cable}b")

    def entered(self) -> contextlib.AbstractContextManager[None]:
        """Sockets that this thread makes meanwhile are the other machine's."""
        return _entered(self.name)


@contextlib.contextmanager
def machine_without_ipv4() -> Iterator[None]:
    """What this thread does meanwhile, and the processes it starts, is on a machine that has ::1 and nothing else.

    Where the system does not permit that, it is this machine.
    """
    name = f"lianxian-v6-{os.getpid()}"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "set", "lo", "up")
        with contextlib.suppress(OSError):
            _ip("-n", name, "addr", "del", "127.0.0.1/8", "dev", "lo")
    except OSError:
        yield
        return
    try:
        with _entered(name):
            yield
    finally:
        _ip("netns", "del", name)


@contextlib.contextmanager
def _entered(name: str) -> Iterator[None]:
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as own, open(f"/run/netns/{name}") as other:
        if libc.setns(other.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "the namespace cannot be entered")
        try:
            yield
        finally:
            libc.setns(own.fileno(), _CLONE_NEWNET)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, timeout=20)
    if done.returncode:
        raise OSError(done.returncode, f"ip {' '.join(arguments)}: {done.stderr.strip()}")
