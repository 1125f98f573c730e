"""What is answered about Opus: its parameters (RFC 7587) and the redundant payload around it (RFC 2198)."""

from __future__ import annotations

from hub.wire.sdp import Codec, Section


def opus_parameters(offered: Codec) -> str:
    """The `a=fmtp` of our answer: what we would like to receive (RFC 7587 §7).

    In-band FEC always, as it is passed on and helps whoever loses a packet; silence suppressed (`usedtx`) if
    the offer says so. `stereo` is left out: a voice needs one channel, and whoever sends two still may.
    """
    parameters = offered.parameters
    answered = [f"minptime={parameters['minptime']}"] if parameters.get("minptime", "").isdecimal() else []
    answered.append("useinbandfec=1")
    if parameters.get("usedtx") == "1":
        answered.append("usedtx=1")
    return ";".join(answered)


def red_for(section: Section, opus: Codec) -> int | None:
    """The payload type of `audio/red` that carries nothing but this Opus, if offered (RFC 2198 §5)."""
    for codec in section.codecs:
        if codec.name != "red" or (codec.clock_rate, codec.channels) != (opus.clock_rate, opus.channels):
            continue
        if set(codec.fmtp.split("/")) <= {str(opus.payload_type), ""}:
            return codec.payload_type
    return None
