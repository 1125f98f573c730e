"""Which track and layer of a publisher an RTP packet belongs to: by the sources its offer names, else learnt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.upload_cap import PUBLISHER_BPS, SOUND_BPS, UploadCap
from hub.wire import rtp_extensions
from hub.wire.rtp_header import RtpError, RtpHeader
from hub.wire.sdp_plan import PublishTrack

#: Sources nobody named that are opened for a look, one publisher. Each costs libsrtp memory and time for good.
MAX_LOOKS: Final = 16


class Section:
    """One negotiated section. `publication` is None until its first packet came; `rids` go from small to large as far as the
    offer tells."""

    def __init__(self, plan: PublishTrack, publisher_bps: int = PUBLISHER_BPS) -> None:
        self.plan = plan
        self.cap = UploadCap(publisher_bps if plan.kind == "video" else SOUND_BPS)
        self.rids = plan.rids or ("",)
        self.publication: Publication | None = None
        self.fir_number = 0


class Stream:
    """One source of a section: media of the layer `rid`, or with `repairs` its RTX. `layer` is None at first."""

    __slots__ = ("layer", "repairs", "rid", "section")

    def __init__(self, section: Section, rid: str, *, repairs: bool) -> None:
        self.section = section
        self.rid = rid
        self.repairs = repairs
        self.layer: Layer | None = None

    def takes(self, payload_type: int) -> bool:
        """Whether packets of this payload type are awaited from the source."""
        codec = self.section.plan.codec
        if self.repairs:
            return payload_type == codec.rtx
        return payload_type in (codec.payload_type, codec.red)


class Incoming:
    """The sources of one publisher."""

    def __init__(self, plans: Sequence[PublishTrack], publisher_bps: int = PUBLISHER_BPS) -> None:
        """`publisher_bps` is what its picture may take, all layers together."""
        self.sections = [Section(plan, publisher_bps) for plan in plans]
        self.streams: dict[int, Stream] = {}
        self._looked_at: set[int] = set()
        for section in self.sections:
            if section.plan.ssrc is not None:
                self.streams[section.plan.ssrc] = Stream(section, "", repairs=False)
            if section.plan.rtx_ssrc is not None:
                self.streams[section.plan.rtx_ssrc] = Stream(section, "", repairs=True)

    def refuses(self, ssrc: int, payload_type: int) -> str | None:
        """Why a packet is not even opened: only awaited sources are; 20,000 others would make each 50 times dearer."""
        stream = self.streams.get(ssrc)
        if stream is not None:
            return None if stream.takes(payload_type) else "rtp_wrong_payload_type"
        # An offer may name no sources (RFC 8843): then one of each is learnt, once it proved authentic.
        for section in self.sections:
            if self._room(section, payload_type) is not None:
                if ssrc not in self._looked_at:
                    if len(self._looked_at) >= MAX_LOOKS:
                        return "rtp_unsignalled_ssrc"
                    self._looked_at.add(ssrc)
                return None
        return "rtp_unsignalled_ssrc"

    def section_of(self, ssrc: int, payload_type: int) -> Section | None:
        """Whose a packet that cannot be opened would be; None if it is not awaited."""
        stream = self.streams.get(ssrc)
        if stream is not None:
            return stream.section if stream.takes(payload_type) else None
        return next(
            (section for section in self.sections if self._room(section, payload_type) is not None), None
        )

    def find(self, packet: memoryview, header: RtpHeader) -> Stream:
        """The stream of an authentic packet that was not refused. Raises RtpError if it names no layer of ours."""
        stream = self.streams.get(header.ssrc)
        if stream is not None:
            return stream
        for section in self.sections:
            repairs = self._room(section, header.payload_type)
            if repairs is None:
                continue
            rid = self._rid(section, packet, header, repairs=repairs)
            stream = Stream(section, rid, repairs=repairs)
            self.streams[header.ssrc] = stream
            return stream
        raise RtpError("a source that was refused before")

    def _room(self, section: Section, payload_type: int) -> bool | None:
        """Whether the section still awaits an unnamed source with this payload type: repairing (True), media
        (False), or none (None)."""
        codec, plan = section.plan.codec, section.plan
        repairs = payload_type == codec.rtx
        if not repairs and payload_type not in (codec.payload_type, codec.red):
            return None
        if (plan.rtx_ssrc if repairs else plan.ssrc) is not None:
            return None
        known = sum(each.section is section and each.repairs == repairs for each in self.streams.values())
        return repairs if known < len(section.rids) else None

    def _rid(self, section: Section, packet: memoryview, header: RtpHeader, *, repairs: bool) -> str:
        """Which layer a new source is; it says so on its first packets (RFC 8852)."""
        if not section.plan.rids:
            return ""
        extensions = section.plan.extensions
        wanted = extensions.repaired_rid if repairs else extensions.rid
        place = rtp_extensions.find_extension(packet, header, wanted) if wanted is not None else None
        rid = rtp_extensions.read_text(packet, place) if place is not None else ""
        taken = any(
            s.section is section and s.rid == rid and s.repairs == repairs for s in self.streams.values()
        )
        if rid not in section.rids or taken:
            raise RtpError("a source that names no layer of ours")
        return rid
