"""Which calls ring at a headless station."""

from __future__ import annotations

from clients.station.ringing import Ringing


def call(rung_at: str, declined: str | None = None) -> dict[str, object]:
    return {"id": "m_1", "title": "防汛", "rung_at": rung_at, "declined": declined}


def test_a_call_rings_until_it_is_declined_and_anew_when_it_is_called_again() -> None:
    ringing = Ringing()
    assert ringing.told(call("08:00"))
    assert ringing.calls == {"m_1": "防汛"}
    ringing.silence("m_1")
    assert not ringing.told(call("08:00"))
    assert ringing.calls == {}
    assert ringing.told(call("08:01"))


def test_what_a_colleague_declined_rings_no_longer() -> None:
    ringing = Ringing()
    ringing.told(call("08:00"))
    assert not ringing.told(call("08:00", "handling"))
    assert ringing.calls == {}


def test_who_left_hears_the_next_greeting() -> None:
    ringing = Ringing()
    ringing.told(call("08:00"))
    ringing.answered("m_1")
    ringing.begin()
    assert ringing.told(call("08:00"))
