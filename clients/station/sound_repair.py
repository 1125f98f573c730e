"""Lost sound comes again: aiortc sends it once more on request (generic NACK, RFC 4585 §6.2.1), but does not offer to."""

from __future__ import annotations

import re
from typing import Final

_OPUS: Final = re.compile(r"^a=rtpmap:(\d+) opus/[^\r\n]*(\r?\n)", re.IGNORECASE | re.MULTILINE)


def with_sound_repair(offer: str) -> str:
    """The offer as the hub is to read it: NACK for every Opus in it. aiortc's own description stays as it is."""

    def with_nack(line: re.Match[str]) -> str:
        feedback = f"a=rtcp-fb:{line[1]} nack"
        told = re.search(rf"^{feedback}\r?$", offer, re.MULTILINE)
        return line[0] if told else f"{line[0]}{feedback}{line[2]}"

    return _OPUS.sub(with_nack, offer)
