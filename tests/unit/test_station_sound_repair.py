"""What the headless station offers for its sound: that what is lost may be asked for again."""

from __future__ import annotations

from aiortc import RTCPeerConnection

from clients.station.sound_repair import with_sound_repair


async def offered() -> str:
    """An offer as aiortc makes it, with sound and a picture."""
    connection = RTCPeerConnection()
    try:
        for kind in ("audio", "video"):
            connection.addTransceiver(kind, direction="sendonly")
        return (await connection.createOffer()).sdp
    finally:
        await connection.close()


async def test_every_opus_in_an_offer_may_be_asked_for_again_and_nothing_else_changes() -> None:
    offer = await offered()
    repaired = with_sound_repair(offer)
    opus = next(line for line in offer.splitlines() if " opus/" in line)
    number = opus.removeprefix("a=rtpmap:").split()[0]
    lines = repaired.splitlines()
    assert lines[lines.index(opus) + 1] == f"a=rtcp-fb:{number} nack"
    assert repaired.replace(f"a=rtcp-fb:{number} nack\r\n", "") == offer
    assert with_sound_repair(repaired) == repaired


def test_an_offer_without_sound_stays_as_it_is() -> None:
    assert with_sound_repair("v=0\r\na=rtpmap:96 VP8/90000\r\n") == "v=0\r\na=rtpmap:96 VP8/90000\r\n"
