"""What a camera says it has, in the ways in which vendors say it."""

from __future__ import annotations

import base64

from clients.camera.faults import Faults
from clients.camera.scene import Scene
from clients.camera.sounds import sound


def describe(scene: Scene, faults: Faults, url: str, *, hears: str) -> str:
    """The description of one stream that was asked for as `url`; `hears` is the kind of its sound, empty for none."""
    odd = faults.odd
    number = "" if "no_type" in odd else " 96"
    control = f"{url.partition('?')[0]}/trackID=0" if "absolute_control" in odd else "trackID=0"
    lines = [
        "v=0",
        "o=- 1001 1 IN IP4 192.168.1.64",
        "s=Media Presentation",
        "c=IN" if "empty_connection" in odd else "c=IN IP4 0.0.0.0",
        "t=0 0",
        *(["a=control:*"] if "aggregate_star" in odd else []),
    ]
    if "extra_tracks" in odd:
        lines += [
            "m=application 0 RTP/AVP 107",
            "a=rtpmap:107 vnd.onvif.metadata/90000",
            "a=control:trackID=9",
        ]
    lines += [
        f"m=video 0 RTP/AVP{number}",
        f"a=rtpmap:96 {scene.codec.upper()}/90000",
        f"a=framerate:{scene.fps}",
        f"a=x-dimensions:{scene.width},{scene.height}",
        f"a=fmtp:96 {_format(scene, faults)}",
        f"a=control:{control}",
        "a=recvonly",
    ]
    if hears:
        kind = sound(hears)
        lines += [
            f"m=audio 0 RTP/AVP {kind.payload_type}",
            *kind.described,
            "a=control:trackID=1",
            "a=recvonly",
        ]
    return ("\n" if "bare_lines" in odd else "\r\n").join([*lines, ""])


def _format(scene: Scene, faults: Faults) -> str:
    if "no_sets" in faults.odd:
        return "packetization-mode=1" if scene.codec == "h264" else "profile-id=1"
    sets = scene.sets()
    words = [base64.b64encode(unit).decode("ascii") for unit in sets]
    if scene.codec == "h265":
        return ";".join(
            f"sprop-{name}={word}" for name, word in zip(("vps", "sps", "pps"), words, strict=True)
        )
    profile = sets[0][1:4].hex().upper()
    return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={','.join(words)}"
