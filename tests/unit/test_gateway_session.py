"""A conversation with a camera in virtual time: every answer has its consequence, none an escape."""

from __future__ import annotations

import pytest

from hub.gateway.rtsp_session import (
    AGAIN_S,
    ANSWER_S,
    Described,
    Event,
    Failed,
    Moved,
    Placed,
    Playing,
    Session,
    Transport,
)
from hub.wire.rtsp import Headers, Reader, Request, Response, build_request
from hub.wire.sdp_rtsp import Description, Track
from tests.support.camera_golden import ANSWERS, DESCRIPTIONS

URL = "rtsp://10.0.0.7/cam?channel=1"
SDP = DESCRIPTIONS["plain"].text.encode()
CHALLENGE = ("WWW-Authenticate", 'Digest realm="Login to 4K", nonce="n1"')


def wanted(description: Description) -> list[Track]:
    return [track for track in description.tracks if track.kind == "video"]


class Talk:
    """A session, and what it said last."""

    def __init__(self, user: str = "admin", transport: Transport = "tcp") -> None:
        self.now = 100.0
        self.session = Session(
            URL, user, "pw" if user else "", transport, wanted, lambda track: (5000, 5001), lambda: "c"
        )
        self.session.begin(self.now)

    def said(self) -> list[Request]:
        data = b"".join(self.session.out)
        self.session.out.clear()
        return [message for message in Reader().feed(data) if isinstance(message, Request)]

    def answer(
        self, status: int, *headers: tuple[str, str], body: bytes = b"", cseq: str | None = None
    ) -> Request:
        """Answer what was asked last; returns that."""
        (asked,) = self.said()
        lines = Headers([("CSeq", asked.headers.get("CSeq") if cseq is None else cseq), *headers])
        self.session.receive(Response(status, "", lines, body), self.now)
        return asked

    def events(self) -> list[Event]:
        events, self.session.events = self.session.events, []
        return events

    def play(self) -> None:
        self.answer(200, ("Public", "DESCRIBE, GET_PARAMETER"))
        self.answer(200, body=SDP)
        self.answer(200, ("Transport", "RTP/AVP/TCP;interleaved=0-1"), ("Session", "S1;timeout=30"))
        assert self.answer(200).method == "PLAY"


def test_the_plain_way() -> None:
    talk = Talk()
    talk.play()
    described, placed, playing = talk.events()
    assert isinstance(described, Described)
    assert isinstance(placed, Placed)
    assert (placed.channel, placed.track.control) == (0, URL + "/trackID=0")
    assert isinstance(playing, Playing)


def test_it_is_kept_alive_at_two_fifths_of_the_time_and_ended_with_a_word() -> None:
    talk = Talk()
    talk.play()
    for second in range(1, 31):
        talk.session.tick(talk.now + second)
    said = talk.said()
    assert [each.method for each in said] == ["GET_PARAMETER", "GET_PARAMETER"]
    assert said[0].headers.get("Session") == "S1"
    talk.session.end(talk.now + 31)
    assert [each.method for each in talk.said()] == ["TEARDOWN"]


def test_a_keep_alive_that_is_refused_or_not_answered_ends_nothing() -> None:
    talk = Talk()
    talk.play()
    talk.events()
    talk.session.tick(talk.now + 13)
    talk.answer(454)
    for second in range(14, 60):
        talk.session.tick(talk.now + second)
    assert talk.events() == []
    assert not talk.session.ended


@pytest.mark.parametrize("step", ["DESCRIBE", "SETUP", "PLAY"])
def test_a_challenge_at_any_step_is_answered_once(step: str) -> None:
    talk = Talk()
    answers = {
        "OPTIONS": (),
        "DESCRIBE": (),
        "SETUP": (("Transport", "RTP/AVP/TCP;interleaved=0-1"), ("Session", "S1")),
        "PLAY": (),
    }
    for method, headers in answers.items():
        if method == step:
            asked = talk.answer(401, CHALLENGE)
            assert asked.headers.get("Authorization") == ""
        asked = talk.answer(200, *headers, body=SDP if method == "DESCRIBE" else b"")
        assert asked.method == method
        if method == step:
            assert f'uri="{asked.url}"' in asked.headers.get("Authorization")
    assert isinstance(talk.events()[-1], Playing)


def test_a_wrong_password_costs_one_try() -> None:
    talk = Talk()
    talk.answer(200)
    talk.answer(401, CHALLENGE)
    talk.answer(401, CHALLENGE)
    assert talk.events() == [Failed("credentials", "401")]
    assert talk.said() == []


def test_without_a_user_a_challenge_is_a_refusal() -> None:
    talk = Talk(user="")
    talk.answer(200)
    talk.answer(401, CHALLENGE)
    assert talk.events() == [Failed("credentials", "401")]


def test_a_stale_nonce_is_renewed_in_mid_stream() -> None:
    talk = Talk()
    talk.answer(200)
    talk.answer(401, CHALLENGE)
    talk.answer(200, body=SDP)
    talk.answer(401, ("WWW-Authenticate", 'Digest realm="x", nonce="n2", stale=true'))
    asked = talk.answer(200, ("Transport", "RTP/AVP/TCP;interleaved=0-1"), ("Session", "S1"))
    assert 'nonce="n2"' in asked.headers.get("Authorization")


def test_options_are_answered_401_and_it_goes_on_signed_in() -> None:
    talk = Talk()
    talk.answer(401, CHALLENGE)
    asked = talk.answer(200, body=SDP)
    assert (asked.method, asked.headers.get("Authorization") != "") == ("DESCRIBE", True)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "refused"),
        (403, "forbidden"),
        (404, "no_stream"),
        (453, "busy"),
        (461, "transport"),
        (500, "refused"),
        (551, "refused"),
    ],
)
def test_refusals_have_their_words(status: int, reason: str) -> None:
    talk = Talk()
    talk.answer(501)
    talk.answer(status)
    (failed,) = talk.events()
    assert isinstance(failed, Failed)
    assert failed.reason == reason


def test_answers_that_never_come_are_given_up() -> None:
    talk = Talk()
    talk.session.tick(talk.now + ANSWER_S - 0.1)
    assert talk.events() == []
    talk.session.tick(talk.now + ANSWER_S + 0.1)
    assert talk.events() == [Failed("timeout")]


def test_what_a_camera_that_comes_up_has_not_heard_is_said_again_and_answered_once() -> None:
    talk = Talk()
    talk.session.tick(talk.now + AGAIN_S / 2)
    assert [each.method for each in talk.said()] == ["OPTIONS"]
    talk.session.tick(talk.now + 1.2 * AGAIN_S)
    talk.session.tick(talk.now + 1.3 * AGAIN_S)
    talk.now += 1.4 * AGAIN_S
    second = talk.answer(200)
    talk.now += 2 * AGAIN_S
    talk.session.tick(talk.now)
    assert (second.method, [each.method for each in talk.said()]) == ("OPTIONS", ["DESCRIBE"])
    late = Headers([("CSeq", "1")])  # the first one was heard after all
    talk.session.receive(Response(200, "", late, b""), talk.now)
    assert talk.said() == []


def test_answers_without_a_number_or_to_nothing() -> None:
    talk = Talk()
    talk.answer(200, cseq="")
    talk.session.receive(Response(200, "", Headers([("CSeq", "77")]), b""), talk.now)
    assert [each.method for each in talk.said()] == ["DESCRIBE"]
    assert talk.events() == []


def test_it_is_moved_by_an_answer_and_by_a_request() -> None:
    talk = Talk()
    talk.answer(200)
    talk.answer(302, ("Location", "rtsp://10.0.0.8/cam"))
    assert talk.events() == [Moved("rtsp://10.0.0.8/cam")]
    talk = Talk()
    talk.play()
    talk.events()
    talk.session.receive(
        Request("REDIRECT", "*", Headers([("Location", "file:///etc/passwd")]), b""), talk.now
    )
    assert [type(event) for event in talk.events()] == [Failed]


def test_a_camera_that_asks_back_is_answered() -> None:
    talk = Talk()
    talk.play()
    talk.session.out.clear()
    for method in ("OPTIONS", "SET_PARAMETER", "RECORD"):
        (asked,) = Reader().feed(build_request(method, "*", [("CSeq", "5")]))
        assert isinstance(asked, Request)
        talk.session.receive(asked, talk.now)
    answers = Reader().feed(b"".join(talk.session.out))
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [200, 200, 501]


def test_over_udp_ports_are_told_and_believed() -> None:
    talk = Talk(transport="udp")
    talk.answer(200)
    talk.answer(200, body=SDP)
    asked = talk.answer(200, ("Transport", "RTP/AVP;unicast;server_port=6000"), ("Session", "S"))
    assert "client_port=5000-5001" in asked.headers.get("Transport")
    placed = talk.events()[-1]
    assert isinstance(placed, Placed)
    assert (placed.channel, placed.server_ports) == (None, (6000, 6001))


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_description_leads_on_or_to_a_word(name: str) -> None:
    talk = Talk()
    talk.answer(200)
    talk.answer(200, body=DESCRIPTIONS[name].text.encode())
    if DESCRIPTIONS[name].codecs is None:
        (failed,) = talk.events()
        assert isinstance(failed, Failed)
        assert failed.reason == "malformed"
    else:
        (asked,) = talk.said()
        assert asked.method == "SETUP"


@pytest.mark.parametrize("name", [name for name, told in ANSWERS.items() if told.status is not None])
@pytest.mark.parametrize("after", range(4))
def test_every_answer_at_every_step_is_taken(name: str, after: int) -> None:
    """None raises, and whatever ends the conversation says why."""
    talk = Talk()
    steps: list[tuple[tuple[str, str] | None, bytes]] = [(None, b""), (None, SDP), (("Session", "S"), b"")]
    for header, body in steps[:after]:
        talk.answer(200, *([header] if header else []), body=body)
    for message in Reader().feed(ANSWERS[name].data):
        assert isinstance(message, Response)
        talk.session.receive(message, talk.now)
    failed = [event for event in talk.events() if isinstance(event, Failed)]
    assert talk.session.ended == bool(failed)
