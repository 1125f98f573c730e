"""Trickle-ICE fragments, application/trickle-ice-sdpfrag (RFC 8840 §9, as WHIP uses them: RFC 9725 §4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.wire.sdp import LocalTransport, SdpError, check_ice, split_lines
from hub.wire.sdp_plan import Tagged


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a fragment says. `ice_ufrag` and `ice_pwd` are both there or both None; `mids` in order;
    `candidates` are the values of `a=candidate`."""

    ice_ufrag: str | None
    ice_pwd: str | None = field(repr=False)
    mids: tuple[str, ...]
    candidates: tuple[str, ...]
    end_of_candidates: bool


def parse_fragment(text: str) -> Fragment:
    """The fragment in `text`. Raises SdpError for whatever is malformed, and nothing else."""
    values: dict[str, str] = {}
    mids: list[str] = []
    candidates: list[str] = []
    ended = False
    for line in split_lines(text):
        if len(line) < 2 or line[1] != "=" or not line[0].isalpha():
            raise SdpError("a line that is not <letter>=<value>")
        if line[0] != "a":
            continue
        name, _, value = line[2:].partition(":")
        if name in ("ice-ufrag", "ice-pwd"):
            if values.setdefault(name, value) != value:
                raise SdpError("different ICE credentials in one fragment")
        elif name == "mid":
            mids.append(value)
        elif name == "candidate":
            candidates.append(value)
        elif name == "end-of-candidates":
            ended = True
    ufrag, pwd = values.get("ice-ufrag"), values.get("ice-pwd")
    if ufrag is not None or pwd is not None:
        check_ice(ufrag, pwd)
    return Fragment(ufrag, pwd, tuple(mids), tuple(candidates), ended)


def build_fragment(local: LocalTransport, tagged: Tagged) -> str:
    """The hub's answer to an ICE restart: its new credentials and candidates, under the section that stands for the session's
    one transport (RFC 8840 §4.4)."""
    lines = [f"a=group:BUNDLE {' '.join(tagged.bundle)}"] if tagged.bundle else []
    lines += [
        "a=ice-lite",
        f"m={tagged.kind} 9 {tagged.protocol} {tagged.payload_type}",
        *([f"a=mid:{tagged.mid}"] if tagged.mid else []),
        f"a=ice-ufrag:{local.ice_ufrag}",
        f"a=ice-pwd:{local.ice_pwd}",
        *candidate_lines(local),
    ]
    return "\r\n".join(lines) + "\r\n"


def candidate_lines(local: LocalTransport) -> list[str]:
    """The hub's host candidates, best first, and the end of them (RFC 8839 §5.1)."""
    lines = []
    for index, (address, port) in enumerate(local.candidates):
        # RFC 8445 §5.1.2.1: host candidates 126, local preference falling, component 1.
        priority = 126 << 24 | (65535 - index) << 8 | 255
        lines.append(f"a=candidate:{index + 1} 1 udp {priority} {address} {port} typ host")
    return [*lines, "a=end-of-candidates"]
