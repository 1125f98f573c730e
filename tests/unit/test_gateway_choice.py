"""Which stream of a camera is transcoded, and who has a place for it."""

from __future__ import annotations

import pytest

from hub.gateway.choice import Candidate, Quota, to_transcode, to_twin

_FULL, _HALF, _SMALL, _UNKNOWN = (1920, 1080), (704, 576), (352, 288), (0, 0)


def bad(rid: str, size: tuple[int, int]) -> Candidate:
    return Candidate(rid, size, bad=True, hopeful=False)


@pytest.mark.parametrize(
    ("streams", "chosen"),
    [
        ([], None),
        ([Candidate("main", _FULL, bad=False, hopeful=True)], None),
        # away: there is nothing to transcode
        ([Candidate("main", _FULL, bad=False, hopeful=False)], None),
        ([bad("main", _FULL)], "main"),
        # the sub stream plays, or may
        ([Candidate("sub", _SMALL, bad=False, hopeful=True), bad("main", _FULL)], None),
        # it does not, for it is not there
        ([Candidate("sub", _UNKNOWN, bad=False, hopeful=False), bad("main", _FULL)], "main"),
        # one that is transcoded already is still the one
        ([Candidate("main", _FULL, bad=True, hopeful=True)], "main"),
        # of two the one that costs least and still fills a tile
        ([bad("sub", _HALF), bad("main", _FULL)], "sub"),
        ([bad("sub", _SMALL), bad("main", _FULL)], "main"),
        ([bad("sub", _UNKNOWN), bad("main", _UNKNOWN)], "main"),
        ([bad("sub", (640, 360)), bad("main", (1280, 720))], "main"),
    ],
)
def test_what_is_transcoded(streams: list[Candidate], chosen: str | None) -> None:
    assert to_transcode(streams) == chosen


@pytest.mark.parametrize(
    ("streams", "chosen"),
    [
        ([], None),
        ([Candidate("main", _FULL, bad=False, hopeful=True)], "main"),
        # what it is matters little: it is decoded anyway, and the smallest costs least
        ([Candidate("sub", _HALF, bad=False, hopeful=True), bad("main", _FULL)], "sub"),
        ([bad("sub", _HALF), Candidate("main", _FULL, bad=False, hopeful=True)], "sub"),
        # unless it is too small for a tile
        ([Candidate("sub", _SMALL, bad=False, hopeful=True), bad("main", _FULL)], "main"),
        ([Candidate("sub", _SMALL, bad=False, hopeful=True)], "sub"),
        # nothing was pulled yet
        ([Candidate("sub", _UNKNOWN, False, True), Candidate("main", _UNKNOWN, False, True)], "sub"),
        # the small one is away
        ([Candidate("sub", _HALF, bad=False, hopeful=False), bad("main", _FULL)], "main"),
    ],
)
def test_what_is_made_vp8_for_browsers_without_h264(streams: list[Candidate], chosen: str | None) -> None:
    assert to_twin(streams) == chosen


def test_places_go_to_who_asked_first() -> None:
    quota = Quota(1)
    assert [quota.full, quota.take("a"), quota.take("a"), quota.full] == [False, True, True, True]
    assert not quota.take("b")
    assert not quota.take("c")
    quota.drop("a")
    assert not quota.take("c"), "b asked before"
    assert quota.take("b")
    quota.drop("b")
    quota.drop("b")
    assert quota.take("c")


def test_who_waits_and_goes_is_no_obstacle() -> None:
    quota = Quota(1)
    assert quota.take("a")
    assert not quota.take("b")
    assert not quota.take("c")
    quota.drop("b")
    quota.drop("a")
    assert quota.take("c")
    assert quota.dump() == {"most": 1, "held": 1, "waiting": 0}


def test_without_places_nobody_has_one() -> None:
    quota = Quota(0)
    assert not quota.take("a")
    assert quota.full
