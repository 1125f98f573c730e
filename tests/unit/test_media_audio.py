"""Who is heard: the loudest, calmly, without oneself; and who counts as the speaker."""

from __future__ import annotations

from hub.media.ingest.microphone import Microphone
from hub.media.meeting.audio import HOLD_S, AudioRanking, Speaker, fill_slots


def talk(ranking: AudioRanking, levels: dict[str, int], start: float, end: float) -> list[str]:
    """Everyone sends a packet each 20 ms with the given level; the places at the end."""
    now = start
    names: list[str] = []
    while now < end:
        for name, level in levels.items():
            ranking.microphones[name].hear(level, now)
        names = [m.participant for m in ranking.rank(now)]
        now += 0.02
    return names


def ranking(places: int, *names: str, has_levels: bool = True) -> AudioRanking:
    built = AudioRanking(places)
    for name in names:
        built.add(Microphone(name, name, has_levels))
    return built


def test_a_loud_newcomer_takes_the_place_of_a_silent_one() -> None:
    built = ranking(2, "a", "b", "c")
    assert set(talk(built, {"a": 30, "b": 110, "c": 110}, 0.0, 5.0)) == {"a", "b"}
    assert set(talk(built, {"a": 30, "b": 110, "c": 25}, 5.0, 10.0)) == {"a", "c"}


def test_two_equally_loud_ones_do_not_push_each_other_out() -> None:
    built = ranking(1, "a", "b")
    first = talk(built, {"a": 30, "b": 32}, 0.0, 5.0)
    changes = 0
    now = 5.0
    for step in range(100):
        levels = {"a": 30 + step % 5, "b": 30 + (step + 3) % 5}
        if talk(built, levels, now, now + 0.1) != first:
            changes += 1
        now += 0.1
    assert changes == 0


def test_a_place_is_kept_for_a_while_even_against_a_louder_one() -> None:
    built = ranking(1, "a", "b", "c")
    talk(built, {"a": 127, "b": 20, "c": 127}, 0.0, 3.0)
    talk(built, {"a": 127, "b": 127, "c": 20}, 3.0, 4.0)
    assert talk(built, {"a": 127, "b": 20, "c": 90}, 4.0, 4.1) == ["c"], "not before HOLD_S"
    assert talk(built, {"a": 127, "b": 20, "c": 90}, 4.1, 4.0 + 2 * HOLD_S) == ["b"]


def test_a_muted_microphone_has_no_place() -> None:
    built = ranking(2, "a", "b")
    talk(built, {"a": 20, "b": 60}, 0.0, 3.0)
    built.microphones["a"].muted = True
    assert talk(built, {"a": 20, "b": 60}, 3.0, 3.1) == ["b"]
    assert built.loudest(3.1) != "a"
    assert "a" not in built.levels(3.1)


def test_a_microphone_without_levels_is_always_heard() -> None:
    built = ranking(1, "a")
    built.add(Microphone("gateway", "gateway", False))
    assert talk(built, {"a": 10}, 0.0, 5.0) == ["gateway"]
    assert built.loudest(5.0) == "a", "but it is not taken for the speaker"


def test_a_microphone_that_went_silent_by_stopping_counts_as_silent() -> None:
    built = ranking(1, "a", "b")
    talk(built, {"a": 10, "b": 80}, 0.0, 3.0)
    assert talk(built, {"b": 50}, 3.0, 8.0) == ["b"]


def test_slots_keep_who_stays_and_leave_oneself_out() -> None:
    assert fill_slots([None, None], ["a", "b", "c"], "a") == ["b", "c"]
    assert fill_slots(["b", "c"], ["c", "d"], None) == ["d", "c"]
    assert fill_slots(["a"], [], None) == [None]


def test_the_speaker_changes_only_after_a_moment_and_never_to_silence() -> None:
    speaker = Speaker()
    assert speaker.update("a", 0.0)
    assert not speaker.update("b", 0.1)
    assert not speaker.update("a", 0.2)
    assert not speaker.update(None, 5.0)
    assert speaker.current == "a"
    assert not speaker.update("b", 5.1)
    assert speaker.update("b", 5.8)
    speaker.left("b")
    assert speaker.current is None
