"""A rehearsal sees who is heard though he has to be silent, and who is not though it is his turn."""

from __future__ import annotations

from hub.directory.accounts import STATION, Account
from tests.bench.city_directory import Person
from tests.rehearsal.hearing import judge

CHAIR, FIRST, SECOND = (
    Person(Account(f"a{code}", code, code, STATION, code), "")
    for code in ("430600000000", "430602000000", "430603000000")
)
PEOPLE = (CHAIR, FIRST, SECOND)
TURNS = ((100.0, FIRST.account.center), (110.0, SECOND.account.center))
OVER_AT = 120.0
HEARD_BY_ALL: tuple[list[list[float]], ...] = (
    [],
    [[0, 100.1, 110.2], [2, 100.3, 110.0]],
    [[0, 110.1, 119.0], [1, 110.1, 119.0]],
)


def test_who_is_heard_in_his_turn_by_all_others_is_right() -> None:
    found = judge(HEARD_BY_ALL, PEOPLE, TURNS, OVER_AT)
    assert (found.turns, found.wrong, found.not_heard) == (2, 0, 0)
    assert sorted(round(seconds, 3) for seconds in found.heard_s) == [0.1, 0.1, 0.1, 0.3]


def test_who_is_heard_in_the_turn_of_another_is_wrong() -> None:
    heard = (HEARD_BY_ALL[0], [*HEARD_BY_ALL[1], [2, 112.0, 113.0]], HEARD_BY_ALL[2])
    assert judge(heard, PEOPLE, TURNS, OVER_AT).wrong == 1


def test_who_goes_on_to_be_heard_after_his_turn_is_wrong() -> None:
    heard = (HEARD_BY_ALL[0], [[0, 100.1, 115.0], [2, 100.3, 110.0]], HEARD_BY_ALL[2])
    assert judge(heard, PEOPLE, TURNS, OVER_AT).wrong == 1


def test_who_is_called_and_not_heard_by_one_is_counted_once() -> None:
    heard = (HEARD_BY_ALL[0], HEARD_BY_ALL[1], HEARD_BY_ALL[2][:1])
    assert judge(heard, PEOPLE, TURNS, OVER_AT).not_heard == 1


def test_the_chair_may_always_be_heard_and_nobody_is_judged_before_the_first_turn_or_after_the_last() -> None:
    heard = ([[1, 90.0, 120.0]], [*HEARD_BY_ALL[1], [2, 90.0, 100.2]], [*HEARD_BY_ALL[2], [0, 121.0, 130.0]])
    assert judge(heard, PEOPLE, TURNS, OVER_AT).wrong == 0
