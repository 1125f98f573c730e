"""Who stands on the stage of one viewer: broadcast, else the loudest, else the first; never oneself."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence


def on_stage(
    viewer: str,
    broadcast: str | None,
    speakers: Sequence[str],
    publishers: Iterable[str],
    showing: Container[str],
) -> str | None:
    """The participant whose picture the stage shows to `viewer`, None if there is none.

    `speakers` are those who spoke loudest, latest first; `publishers` all who publish, first come first;
    `showing` those who send a picture at all.
    """
    order = ([broadcast] if broadcast else []) + list(speakers) + list(publishers)
    for participant in order:
        if participant != viewer and participant in showing:
            return participant
    return None
