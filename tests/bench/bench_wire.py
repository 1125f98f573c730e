"""What reading a packet costs: run as `python -m tests.bench.bench_wire`, prints JSON, µs a call."""

from __future__ import annotations

import itertools
import json
import timeit
from collections.abc import Callable

from hub.wire import stun
from hub.wire.demux import classify
from hub.wire.red import build_red, parse_red
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp import build_packet, read_header
from hub.wire.rtp_extensions import find_extension
from hub.wire.rtp_received import ReceivedReader
from hub.wire.sdp import Fingerprint, LocalTransport
from hub.wire.sdp_answer import answer_watch
from hub.wire.sdp_parse import parse_offer
from hub.wire.sdp_plan import ExtensionIds
from hub.wire.vp8 import parse_descriptor
from tests.support.packets import captured_offer, golden


def cost_us(call: Callable[[], object]) -> float:
    """The best of five rounds, µs a call: the others only show what else the machine did."""
    timer = timeit.Timer(call)
    number, _ = timer.autorange()
    return min(timer.repeat(5, number // 4 + 1)) / (number // 4 + 1) * 1e6


def main() -> None:
    """Measure and print."""
    extensions = [(2, b"abc"), (3, b"ab"), (4, b"0")]
    packet = build_packet(96, 1, 2, 3, bytes(1100), marker=True, extensions=extensions)
    view = memoryview(bytearray(packet))
    header = read_header(packet)
    payload = bytes.fromhex("90f081020aa05101") + bytes(1100)
    reader = ReceivedReader(ExtensionIds(transport_sequence=3, mid=4))
    sound = bytes(80)
    redundant = build_red(111, sound, [(1920, sound), (960, sound)])
    request = golden("stun")[0]["data"]
    feedback = next(p["data"] for p in golden("rtcp") if p["kind"] == "TransportFeedback")
    offer = captured_offer("chromium-offer")
    local = LocalTransport("hubu", "p" * 24, Fingerprint("sha-256", "AB"), (("192.0.2.9", 5000),))
    calls: dict[str, Callable[[], object]] = {
        "classify": lambda: classify(packet),
        "read_header (bytes)": lambda: read_header(packet),
        "read_header (memoryview)": lambda: read_header(view),
        "find_extension (third of three)": lambda: find_extension(packet, header, 4),
        "extensions in one walk (two of three wanted)": lambda: reader.read(packet, header),
        "red.parse_red (three blocks)": lambda: parse_red(redundant),
        "red.build_red (three blocks)": lambda: build_red(111, sound, [(1920, sound), (960, sound)]),
        "vp8.parse_descriptor": lambda: parse_descriptor(payload),
        "stun.parse + verify": lambda: stun.parse(request).verify(b"password"),
        "rtcp transport feedback": lambda: parse_compound(feedback),
        "parse_offer (Chromium)": lambda: parse_offer(offer),
        "answer_watch (Chromium)": lambda: answer_watch(
            parse_offer(offer), local, itertools.count().__next__
        ),
    }
    rounds = [{"call": name, "us_per_call": round(cost_us(call), 2)} for name, call in calls.items()]
    print(json.dumps({"wire": rounds}, ensure_ascii=False))


if __name__ == "__main__":
    main()
