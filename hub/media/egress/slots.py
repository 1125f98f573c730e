"""From the plan of a watch answer to a viewer's slots."""

from __future__ import annotations

import functools
import secrets

from hub.media.egress.forwarding import PayloadTypes
from hub.media.egress.slot import Slot
from hub.media.egress.subscription import Subscription
from hub.media.egress.watcher import Watcher
from hub.media.ingest.track import Codec
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.outlet import Outlet
from hub.wire.sdp_plan import WatchPlan, WatchSlot

_CLOCK_RATES = {"audio": 48_000, "video": 90_000}


def build_watcher(
    peer: str, participant: str, plan: WatchPlan, outlet: Outlet, now: float, mirror: bool = False
) -> Watcher:
    """The viewer whose offer came to `plan`, with empty slots."""
    video = [_slot(slot, outlet) for slot in plan.of_kind("video")]
    audio = [_slot(slot, outlet) for slot in plan.of_kind("audio")]
    made = Watcher(peer, participant, outlet, video, audio, now, mirror)
    made.takes = frozenset(name for slot in plan.of_kind("video")[:1] for name in slot.codecs)
    return made


def _slot(plan: WatchSlot, outlet: Outlet) -> Slot:
    # Without RTX a packet is repeated bit for bit, which a transport-wide number would prevent (HeaderStamp).
    repeats_plainly = any(codec.rtx is None and "nack" in codec.feedback for codec in plan.codecs.values())
    transport_id = None if repeats_plainly else plan.extensions.transport_sequence
    subscription = Subscription(
        outlet,
        HeaderStamp(plan.mid, plan.extensions.mid, transport_id),
        _CLOCK_RATES[plan.kind],
        plan.ssrc,
        plan.rtx_ssrc,
        # The first number is below half the circle, so that a lost first packet cannot upset the
        # receiver's count of wraps (RFC 3711 §3.3.1).
        0x1_0000 + secrets.randbelow(0x7FFF),
    )
    return Slot(subscription, functools.partial(_numbering, plan))


def _numbering(plan: WatchSlot, codec: Codec) -> PayloadTypes | None:
    negotiated = plan.codecs.get(codec.name)
    if negotiated is None:
        return None
    return PayloadTypes(negotiated.payload_type, negotiated.rtx, negotiated.red)
