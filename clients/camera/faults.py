"""What can be wrong with a camera, each a switch that may be thrown while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

#: Ways in which vendors write descriptions and answers.
ODDITIES: Final = frozenset(
    {
        "doubled_base",  # Content-Base: rtsp://rtsp://…
        "lost_query",  # Content-Base without the query of the request
        "foreign_base",  # Content-Base names an address of the camera's inner network
        "empty_connection",  # c=IN
        "absolute_control",
        "aggregate_star",  # a=control:* for the whole
        "no_sets",  # no parameter sets in the description
        "sets_once",  # parameter sets in the description alone
        "no_type",  # the m= line without a payload type
        "bad_rtptime",
        "own_channels",  # other channels than were asked for
        "no_cseq",
        "bare_lines",  # line feeds without carriage returns
        "options_401",  # OPTIONS is never answered but with 401
        "extra_tracks",  # an application track in front
    }
)

#: "midnight": right, and counted from midnight without an offset, so that a measurement knows when a picture was.
Stamps = Literal["right", "midnight", "zero", "jump", "half", "double", "still"]
Marks = Literal["right", "none", "all"]


@dataclass
class Faults:
    """The switches of one camera. `mtu` is in bytes of payload; `loss` leaves out each so manieth packet."""

    refuse: bool = False
    """Connections are closed at once."""
    deaf: bool = False
    """Nothing is answered."""
    silent: bool = False
    """Everything is answered, and no packet comes."""
    statuses: dict[str, int] = field(default_factory=dict)
    """Method → status it is answered with."""
    wrong_digest: bool = False
    """Nobody's answer to the challenge is right."""
    stale: bool = False
    """A nonce holds for one request only."""
    redirect: str = ""
    """DESCRIBE is answered by this Location."""
    no_tcp: bool = False
    no_udp: bool = False
    alive_refused: bool = False
    """Keep-alives are answered 454."""
    odd: frozenset[str] = frozenset()
    stamps: Stamps = "right"
    marks: Marks = "right"
    mtu: int = 1400
    oversize: bool = False
    """Each NAL unit in one packet, however long."""
    whole_pictures: bool = False
    """Each picture in one packet, with start codes."""
    aggregates: bool = False
    """Parameter sets in one packet (STAP-A)."""
    notes: bool = False
    """A delimiter and SEI before each picture, filler behind it."""
    stray: bool = False
    """Bytes between packets that are nothing."""
    loss: int = 0
    late_start_s: float = 0.0
    """From PLAY to the first packet."""
    midway: bool = False
    """The first packets are from the middle of a stretch, and not from its key frame."""

    def __post_init__(self) -> None:
        if not self.odd <= ODDITIES:
            raise ValueError(f"unknown oddities: {', '.join(sorted(self.odd - ODDITIES))}")
