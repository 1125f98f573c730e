"""The camera, and a machine without a network."""

from __future__ import annotations

import aioice.ice
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av.video.frame import VideoFrame

from clients.station.clip import AUDIO_CLOCK, AudioPacket, Clip
from clients.station.seams import allow_loopback
from clients.station.source import CameraSource, ClipSource

SOUND = Clip((), (AudioPacket(b"\xf8\xff\xfe", 0, -127),), AUDIO_CLOCK // 50)


async def test_a_cameras_picture_is_offered_as_vp8_beside_a_clips_sound() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    # A generated picture stands in for the camera; it is opened by the same call.
    camera = CameraSource("testsrc=size=320x180:rate=10", SOUND, form="lavfi")
    try:
        camera.attach(connection)
        audio, video = connection.getSenders()
        frame = await video.track.recv()
        assert isinstance(frame, VideoFrame)
        assert (frame.width, frame.height) == (320, 180)
        await connection.setLocalDescription(await connection.createOffer())
        sdp = connection.localDescription.sdp
        assert "VP8/90000" in sdp
        assert "H264" not in sdp
        assert "opus/48000/2" in sdp
        assert "ssrc-audio-level" in sdp
        assert audio.kind == "audio"
    finally:
        camera.detach()
        await connection.close()


async def test_a_missing_camera_is_an_oserror() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    try:
        with pytest.raises(OSError, match="video99"):
            CameraSource("/dev/video99", None).attach(connection)
    finally:
        await connection.close()


async def test_a_machine_without_a_network_connects_over_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice.ifaddr, "get_adapters", list)
    allow_loopback()
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    source = ClipSource(SOUND)
    try:
        source.attach(connection)
        await connection.setLocalDescription(await connection.createOffer())
        offer: RTCSessionDescription = connection.localDescription
        assert " 127.0.0.1 " in offer.sdp
        assert "typ host" in offer.sdp
    finally:
        source.detach()
        await connection.close()
