"""Descriptions and answers as cameras send them, broken ones among them, and what is to be read from each."""

from __future__ import annotations

from typing import Final, NamedTuple

BASE: Final = "rtsp://10.0.0.7:554/cam/realmonitor?channel=1&subtype=0"


class Told(NamedTuple):
    """A description: the codecs of its tracks, where the first one is set up, and its fmtp; None where it is none at all."""

    text: str
    codecs: tuple[str, ...] | None
    control: str = BASE + "/trackID=0"
    fmtp: str = ""


_HEAD = "v=0\r\no=- 1 1 IN IP4 10.0.0.7\r\ns=Media Server\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
_VIDEO = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n"

DESCRIPTIONS: Final[dict[str, Told]] = {
    "plain": Told(_HEAD + _VIDEO, ("h264",)),
    "control of the whole": Told(_HEAD + "a=control:*\r\n" + _VIDEO, ("h264",)),
    "slash in front of the control": Told(_HEAD + _VIDEO.replace("trackID=0", "/trackID=0"), ("h264",)),
    "absolute control": Told(
        _HEAD + _VIDEO.replace("trackID=0", "rtsp://10.0.0.7/x/track1"), ("h264",), "rtsp://10.0.0.7/x/track1"
    ),
    "doubled scheme in the control": Told(
        _HEAD + _VIDEO.replace("trackID=0", "rtsp://rtsp://10.0.0.7/t1"), ("h264",), "rtsp://10.0.0.7/t1"
    ),
    "whole at another URL": Told(
        _HEAD + "a=control:rtsp://10.0.0.7/other/\r\n" + _VIDEO, ("h264",), "rtsp://10.0.0.7/other/trackID=0"
    ),
    "control in the query": Told(
        _HEAD + _VIDEO.replace("trackID=0", "?ctype=video"), ("h264",), BASE + "?ctype=video"
    ),
    "lone track without a control": Told(
        _HEAD + _VIDEO.replace("a=control:trackID=0\r\n", ""), ("h264",), BASE
    ),
    "bare line feeds": Told((_HEAD + _VIDEO).replace("\r\n", "\n"), ("h264",)),
    "bare carriage returns": Told((_HEAD + _VIDEO).replace("\r\n", "\r"), ("h264",)),
    "blanks around everything": Told(
        _HEAD + "m = video 0 RTP/AVP 96 \r\n a= rtpmap:96  H264/90000 \r\na=control: trackID=0 \r\n",
        ("h264",),
    ),
    "empty connection": Told(_HEAD.replace("c=IN IP4 0.0.0.0", "c=IN") + _VIDEO, ("h264",)),
    "no version, no origin": Told(_VIDEO, ("h264",)),
    "no payload type in m=": Told(_HEAD + _VIDEO.replace("AVP 96", "AVP"), ("h264",)),
    "another payload type in m=": Told(_HEAD + _VIDEO.replace("AVP 96", "AVP 97"), ("h264",)),
    "payload type out of range": Told(_HEAD + _VIDEO.replace("AVP 96", "AVP 4096 96"), ("h264",)),
    "rate missing": Told(_HEAD + _VIDEO.replace("H264/90000", "H264"), ("h264",)),
    "rate of nonsense": Told(_HEAD + _VIDEO.replace("90000", "ninety"), ("h264",)),
    "name in lower case": Told(_HEAD + _VIDEO.replace("H264", "h264"), ("h264",)),
    "another name for it": Told(_HEAD + _VIDEO.replace("H264", "HEVC"), ("h265",)),
    "no rtpmap but parameter sets": Told(
        _HEAD
        + "m=video 0 RTP/AVP 96\r\na=fmtp:96 sprop-parameter-sets=Z0LAH9oB,aM48gA==\r\na=control:trackID=0\r\n",
        ("h264",),
        fmtp="sprop-parameter-sets=Z0LAH9oB,aM48gA==",
    ),
    "fmtp of another type": Told(
        _HEAD + _VIDEO + "a=fmtp:98 packetization-mode=1\r\n", ("h264",), fmtp="packetization-mode=1"
    ),
    "fmtp before rtpmap": Told(
        _HEAD + "m=video 0 RTP/AVP 96\r\na=fmtp:96 a=1\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n",
        ("h264",),
        fmtp="a=1",
    ),
    "sound with a fixed type": Told(
        _HEAD + _VIDEO + "m=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n", ("h264", "pcma")
    ),
    "sound first": Told(
        _HEAD
        + "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\na=control:trackID=1\r\n"
        + _VIDEO,
        ("aac", "h264"),
        BASE + "/trackID=1",
    ),
    "application first": Told(
        _HEAD + "m=application 0 RTP/AVP 107\r\na=control:trackID=9\r\n" + _VIDEO,
        ("", "h264"),
        BASE + "/trackID=9",
    ),
    "attributes without names": Told(
        _HEAD + "a=\r\na=:\r\n=\r\nq\r\n" + _VIDEO + "a=rtpmap:\r\na=fmtp\r\n", ("h264",)
    ),
    "zero bytes and noise between lines": Told(_HEAD + "\0\0\ufffd\r\n" + _VIDEO, ("h264",)),
    "a lone m=": Told(_HEAD + "m=\r\n", None),
    "empty": Told("", None),
    "a web page": Told("<html><body>401</body></html>", None),
}


class Answered(NamedTuple):
    """Bytes of an answer: its status, what of a header is to be read, and its body; None where it is none at all."""

    data: bytes
    status: int | None
    header: tuple[str, str] = ("CSeq", "2")
    body: bytes = b""


ANSWERS: Final[dict[str, Answered]] = {
    "plain": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", 200),
    "with a body": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nv=0", 200, body=b"v=0"),
    "bare line feeds": Answered(b"RTSP/1.0 200 OK\nCSeq: 2\nContent-length: 3\n\nv=0", 200, body=b"v=0"),
    "mixed line ends": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\n\r\n", 200),
    "no reason": Answered(b"RTSP/1.0 200\r\nCSeq: 2\r\n\r\n", 200),
    "blanks before colons": Answered(b"RTSP/1.0 200 OK\r\nCSeq : 2\r\n\r\n", 200),
    "no blank behind colons": Answered(b"RTSP/1.0 200 OK\r\nCSeq:2\r\n\r\n", 200),
    "header names in capitals": Answered(b"RTSP/1.0 200 OK\r\nCSEQ: 2\r\n\r\n", 200),
    "a folded header": Answered(b"RTSP/1.0 200 OK\r\nCSeq:\r\n 2\r\n\r\n", 200),
    "a line without a colon": Answered(b"RTSP/1.0 200 OK\r\nServer\r\nCSeq: 2\r\n\r\n", 200),
    "empty lines in front": Answered(b"\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", 200),
    "noise in front": Answered(b"\0\xff\1RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", 200),
    "bytes that are no text": Answered(b"RTSP/1.0 200 OK\r\nServer: \xc9\xe3\r\nCSeq: 2\r\n\r\n", 200),
    "another version": Answered(b"RTSP/2.0 200 OK\r\nCSeq: 2\r\n\r\n", 200),
    "no CSeq": Answered(b"RTSP/1.0 401 Unauthorized\r\n\r\n", 401, ("CSeq", "")),
    "garbled CSeq": Answered(b"RTSP/1.0 200 OK\r\nCSeq: two\r\n\r\n", 200, ("CSeq", "two")),
    "the same header twice": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nCSeq: 3\r\n\r\n", 200),
    "empty length": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length:\r\n\r\n", 200),
    "length of nonsense": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: many\r\n\r\n", None),
    "negative length": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: -1\r\n\r\n", None),
    "endless length": Answered(b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 99999999\r\n\r\n", None),
    "no status": Answered(b"RTSP/1.0 OK\r\nCSeq: 2\r\n\r\n", None),
    "status out of range": Answered(b"RTSP/1.0 20 OK\r\nCSeq: 2\r\n\r\n", None),
    "a head without an end": Answered(b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 4000, None),
    "too many headers": Answered(b"RTSP/1.0 200 OK\r\n" + b"X: y\r\n" * 100 + b"\r\n", None),
}
