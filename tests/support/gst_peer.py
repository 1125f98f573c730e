"""GStreamer's webrtcbin at a WHIP or WHEP door, as its users write it; run by the system's Python, which has its bindings.

``/usr/bin/python3 gst_peer.py publish|watch URL TOKEN CODEC BUNDLE``: it sends the flash and the beep of flash_beep.py in CODEC
(VP8, VP9 or H264; with the settings of encoder and payloader as they are unless a live source needs them otherwise), or
watches, until its standard input ends. BUNDLE is webrtcbin's bundle-policy (`none` is its default). What happens stands on its
standard output, one JSON object a line: {"answer": status, "text"}, {"state": ICE state}, and when watching, {"luma": [s,
mean]} of each picture and {"loud": [s, RMS]} of each piece of sound, at the time at which it is to be shown or heard.
"""

from __future__ import annotations

import array
import json
import math
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.support import flash_beep  # noqa: E402

ENCODERS = {
    "VP8": "vp8enc deadline=1 ! rtpvp8pay pt=96",
    "VP9": "vp9enc deadline=1 cpu-used=8 lag-in-frames=0 ! rtpvp9pay pt=96",
    "H264": "x264enc tune=zerolatency speed-preset=ultrafast ! rtph264pay pt=96",
}
RECEIVED = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=111",
    "video": ";".join(
        f"application/x-rtp,media=video,encoding-name={name},clock-rate=90000,payload={number},rtcp-fb-nack=true,"
        f"rtcp-fb-nack-pli=true{more}"
        for name, number, more in (
            ("VP8", 96, ""),
            ("VP9", 98, ""),
            ("H264", 102, ",packetization-mode=(string)1,profile-level-id=(string)42e01f"),
        )
    ),
}


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Peer:
    """One webrtcbin and its session at the door."""

    def __init__(self, url: str, token: str, description: str) -> None:
        self.url, self.token = url, token
        made = Gst.parse_launch(description)
        self.pipeline = made if isinstance(made, Gst.Pipeline) else Gst.Pipeline()
        if made is not self.pipeline:
            self.pipeline.add(made)  # a single element comes without a pipeline
        self.bin = self.pipeline.get_by_name("peer")
        self.bin.connect("notify::ice-gathering-state", self._gathered)
        self.bin.connect("notify::ice-connection-state", self._state)
        self._asked = False
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", lambda _, message: say(error=str(message.parse_error())))

    def offer(self) -> bool:
        promise = Gst.Promise.new_with_change_func(self._offered)
        self.bin.emit("create-offer", None, promise)
        return False

    def _offered(self, promise: Any) -> None:
        reply = promise.get_reply()  # has to live as long as what is in it
        self.bin.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    def _state(self, *_: Any) -> None:
        say(state=self.bin.get_property("ice-connection-state").value_nick)

    def _gathered(self, *_: Any) -> None:
        done = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        if self.bin.get_property("ice-gathering-state") == done and not self._asked:
            self._asked = True
            threading.Thread(target=self._post, daemon=True).start()

    def _post(self) -> None:
        offer = self.bin.get_property("local-description").sdp.as_text()
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.url, offer.encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read().decode()
        say(answer=status, text=text, offer=offer)
        if status == 201:
            _, message = GstSdp.SDPMessage.new_from_text(text)
            kind = GstWebRTC.WebRTCSDPType.ANSWER
            described = GstWebRTC.WebRTCSessionDescription.new(kind, message)
            self.bin.emit("set-remote-description", described, Gst.Promise.new())


def publish(url: str, token: str, codec: str, bundle: str) -> Peer:
    """A live source of pictures and sound, each pushed when it is due."""
    raw = f"video/x-raw,format=I420,width={flash_beep.WIDTH},height={flash_beep.HEIGHT},framerate={flash_beep.FPS}/1"
    pcm = f"audio/x-raw,format=S16LE,layout=interleaved,rate={flash_beep.SAMPLE_RATE},channels=1"
    peer = Peer(
        url,
        token,
        f"webrtcbin name=peer bundle-policy={bundle} "
        f"appsrc name=pictures is-live=true format=time caps={raw} ! queue ! {ENCODERS[codec]} ! queue ! peer. "
        f"appsrc name=sound is-live=true format=time caps={pcm} ! queue ! audioconvert ! "
        "opusenc ! rtpopuspay pt=97 ! queue ! peer.",
    )
    pictures = flash_beep.Pictures()
    peer.bin.connect("on-negotiation-needed", lambda _: GLib.timeout_add(100, peer.offer))
    peer.pipeline.set_state(Gst.State.PLAYING)
    sources = (
        ("pictures", 1 / flash_beep.FPS, pictures.at),
        ("sound", flash_beep.FRAME_SAMPLES / flash_beep.SAMPLE_RATE, flash_beep.sound),
    )
    begun = time.monotonic() + 0.3
    for name, pace, make in sources:
        source = peer.pipeline.get_by_name(name)
        threading.Thread(target=_feed, args=(peer, source, begun, pace, make), daemon=True).start()
    return peer


def _feed(peer: Peer, source: Any, begun: float, pace: float, make: Any) -> None:
    number = 0
    while True:
        time.sleep(max(0.0, begun + number * pace - time.monotonic()))
        buffer = Gst.Buffer.new_wrapped(make(number))
        buffer.pts = round((0.3 + number * pace) * Gst.SECOND)
        buffer.duration = round(pace * Gst.SECOND)
        if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
            return
        number += 1


def watch(url: str, token: str, bundle: str) -> Peer:
    """One slot of sound and one of pictures; of each decoded piece is said how it is."""
    peer = Peer(url, token, f"webrtcbin name=peer bundle-policy={bundle}")
    for kind in ("audio", "video"):
        direction = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
        peer.bin.emit("add-transceiver", direction, Gst.Caps.from_string(RECEIVED[kind]))
    peer.bin.connect("pad-added", lambda _, pad: _decode(peer, pad))
    peer.pipeline.set_state(Gst.State.PLAYING)
    GLib.timeout_add(100, peer.offer)
    return peer


def _decode(peer: Peer, pad: Any) -> None:
    if pad.get_direction() != Gst.PadDirection.SRC:
        return
    decoder = Gst.ElementFactory.make("decodebin")
    peer.pipeline.add(decoder)
    decoder.connect("pad-added", lambda _, decoded: _sink(peer, decoded))
    decoder.sync_state_with_parent()
    pad.link(decoder.get_static_pad("sink"))


def _sink(peer: Peer, pad: Any) -> None:
    kind = pad.get_current_caps().get_structure(0).get_name().partition("/")[0]
    tail = {
        "video": "queue ! videoconvert ! videoscale ! video/x-raw,format=GRAY8,width=32,height=18 ! appsink name=out",
        "audio": "queue ! audioconvert ! audio/x-raw,format=S16LE,channels=1 ! appsink name=out",
    }[kind]
    end = Gst.parse_bin_from_description(tail, True)
    out = end.get_by_name("out")
    out.set_property("emit-signals", True)
    out.connect("new-sample", _seen if kind == "video" else _heard)
    peer.pipeline.add(end)
    end.sync_state_with_parent()
    pad.link(end.get_static_pad("sink"))


def _taken(out: Any) -> tuple[float, bytes]:
    sample = out.emit("pull-sample")
    buffer = sample.get_buffer()
    at = sample.get_segment().to_running_time(Gst.Format.TIME, buffer.pts)
    return at / Gst.SECOND, buffer.extract_dup(0, buffer.get_size())


def _seen(out: Any) -> Any:
    at, grey = _taken(out)
    say(luma=[at, sum(grey) / len(grey)])
    return Gst.FlowReturn.OK


def _heard(out: Any) -> Any:
    at, pcm = _taken(out)
    values = array.array("h", pcm)
    piece = flash_beep.FRAME_SAMPLES // 2
    for start in range(0, len(values), piece):
        part = values[start : start + piece]
        rms = math.sqrt(sum(value * value for value in part) / len(part)) / 32768
        say(loud=[at + start / flash_beep.SAMPLE_RATE, rms])
    return Gst.FlowReturn.OK


def main() -> None:
    Gst.init(None)
    if sys.argv[1:] == ["version"]:
        say(version=Gst.version_string())
        return
    what, url, token, codec, bundle = sys.argv[1:]
    loop = GLib.MainLoop()
    peer = publish(url, token, codec, bundle) if what == "publish" else watch(url, token, bundle)

    def until_told() -> None:
        sys.stdin.read()
        GLib.idle_add(loop.quit)

    threading.Thread(target=until_told, daemon=True).start()
    loop.run()
    peer.pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
