"""Who was heard in a roll call, held against who should have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.city_directory import Person

#: The node and the console are told of a step at about the same time, and packets are on their way: so much is no fault (s).
_SLACK_S: Final = 0.6


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the sample heard."""

    turns: int
    """Turns of those who send."""
    wrong: int
    """Stretches in which somebody heard one who had to be silent."""
    not_heard: int
    """Turns times listeners in which the called one was not heard."""
    heard_s: list[float]
    """From the call to the first sound of the called one, of each listener and turn."""


def judge(
    heard: Sequence[Sequence[Sequence[float]]],
    people: Sequence[Person],
    turns: Sequence[tuple[float, str]],
    over_at: float,
) -> Hearing:
    """`heard[k]` are the stretches (listener, from, to) in which the k-th of `people` was heard; the first is the chair.

    `turns` are the calls (when, whom), of which each lasts to the next one, the last to `over_at`. What was heard before the
    first turn, or began after the last, is not judged.
    """
    ends = [at for at, _ in turns[1:]] + [over_at]
    spans = [(at, end, center) for (at, center), end in zip(turns, ends, strict=True)]
    begun = turns[0][0] + _SLACK_S if turns else over_at
    wrong = not_heard = count = 0
    latencies: list[float] = []
    for place, person in enumerate(people[1:], 1):
        own = [(at, end) for at, end, center in spans if center == person.account.center]
        count += len(own)
        for _, since, until in heard[place]:
            if until < begun or since > over_at - _SLACK_S:
                continue
            if not any(at - _SLACK_S <= since and until <= end + _SLACK_S for at, end in own):
                wrong += 1
        for at, end in own:
            for listener in range(len(people)):
                if listener == place:
                    continue
                first = [
                    since
                    for who, since, until in heard[place]
                    if who == listener and until >= at and since <= end + _SLACK_S
                ]
                if first:
                    latencies.append(max(0.0, min(first) - at))
                else:
                    not_heard += 1
    return Hearing(count, wrong, not_heard, latencies)
