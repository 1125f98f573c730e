"""Guests of one meeting: publications of other meetings at this node that its viewers see and hear (docs/link.md).

They stay what they are, in the meeting that is their home: received, kept and muted there. Here they only stand in slots
beside the meeting's own. What their home does not hear in common, or rests, does not come here either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from hub.media.ingest.microphone import Microphone
from hub.media.ingest.publication import Publication
from hub.media.meeting.audio import AudioRanking


class Lent(NamedTuple):
    """Whom one meeting has of another."""

    pictures: frozenset[str]
    """Participants whose pictures may be shown."""
    sounds: frozenset[str] | None
    """Participants who are heard; None: all who are heard there."""
    recorded: bool = False
    """Whether they are recorded with this meeting, too."""


class Host(Protocol):
    """What is needed of the meeting (its Router)."""

    @property
    def audible(self) -> list[Publication]:
        """The sounds that are heard in it now, guests among them."""

    @property
    def rests(self) -> bool:
        """Whether nothing is heard or seen in it."""

    @property
    def has_listeners(self) -> bool:
        """Whether any of its viewers hears something."""

    def withdraw(self, guests: Collection[Publication], now: float) -> None:
        """Send nothing more of these, and fill every slot anew, at once."""

    def fill_soon(self, now: float) -> None:
        """Fill them together with what else changes; who is here is told anew, too."""

    def forget(self, guest: Publication) -> None:
        """A guest's track has ended."""


class Guests:
    """Both sides of it for one meeting: who its guests are, and which other meetings have guests from here.

    Looked at when slots are filled and loudness is compared, never by packet.
    """

    def __init__(self, host: Host, ranking: AudioRanking) -> None:
        self._host = host
        self._ranking = ranking
        self._own: dict[str, list[Publication]] = {}
        self._homes: dict[Guests, Lent] = {}
        self._borrowers: list[Guests] = []
        #: Who may stand in slots since they were filled, and who is ranked here, each with his home. A microphone has a
        #: place of its own in each meeting, so it is another object here.
        self._seen: dict[Publication, Guests] = {}
        self._ranked: dict[Publication, tuple[Guests, Microphone]] = {}

    def __contains__(self, publication: object) -> bool:
        """Whether this is a guest's sound."""
        return publication in self._ranked

    # --- this meeting as a home -----------------------------------------------------------------------

    def add_own(self, publication: Publication, now: float) -> None:
        """A track of this meeting begins."""
        self._own.setdefault(publication.participant, []).append(publication)
        for borrower in self._borrowers:
            borrower._host.fill_soon(now)

    def remove_own(self, publication: Publication, now: float) -> None:
        """A track of this meeting has ended."""
        left = [each for each in self._own.pop(publication.participant, ()) if each is not publication]
        if left:
            self._own[publication.participant] = left
        for borrower in self._borrowers:
            borrower._forget(publication)
            borrower._host.fill_soon(now)

    def own_changed(self, now: float) -> None:
        """Who is heard here in common, or whether this meeting rests, has changed."""
        for borrower in self._borrowers:
            borrower.let_go(now)
            borrower._host.fill_soon(now)

    def asked_for(self) -> list[Publication]:
        """Sounds of this meeting that are heard in others, however loud its other ones are."""
        named = (borrower._homes[self].sounds or () for borrower in self._borrowers)
        return [each for sounds in named for each in self._of(sounds) if _is_heard_at_home(each)]

    @property
    def listened_to(self) -> bool:
        """Whether anybody in other meetings hears something of this one."""
        return any(borrower._host.has_listeners for borrower in self._borrowers)

    def _of(self, participants: Iterable[str]) -> Iterator[Publication]:
        for participant in participants:
            yield from self._own.get(participant, ())

    # --- this meeting's guests ------------------------------------------------------------------------

    def invite(self, homes: Mapping[Guests, Lent], now: float) -> None:
        """These are all. Who is not among them any more is seen and heard no more from this moment."""
        if homes == self._homes:
            return
        for home in self._homes.keys() - homes.keys():
            home._borrowers.remove(self)
        for home in homes.keys() - self._homes.keys():
            home._borrowers.append(self)
        self._homes = dict(homes)
        self.let_go(now)
        self._host.fill_soon(now)

    def end(self) -> None:
        """The meeting is over: it has no guests, and is nobody's home."""
        for home in self._homes:
            home._borrowers.remove(self)
        self._homes = {}
        for borrower in self._borrowers:
            borrower._homes.pop(self, None)
        self._borrowers = []

    def let_go(self, now: float) -> None:
        """Who may not stand in slots any more is withdrawn at once: also what would be sent until the next one begins."""
        gone = {each for each, home in self._seen.items() if not self._may_be_seen(each, home)}
        gone |= {each for each, (home, _) in self._ranked.items() if not self._may_be_heard(each, home)}
        if gone:
            self._host.withdraw(gone, now)

    def _may_be_seen(self, publication: Publication, home: Guests) -> bool:
        lent = self._homes.get(home)
        return lent is not None and not home._host.rests and publication.participant in lent.pictures

    def _may_be_heard(self, publication: Publication, home: Guests) -> bool:
        lent = self._homes.get(home)
        if lent is None or home._host.rests or not _is_heard_at_home(publication):
            return False
        return lent.sounds is None or publication.participant in lent.sounds

    def pictures(self) -> list[Publication]:
        """What may be shown, for those who fill slots now."""
        self._seen = {
            publication: home
            for home, lent in self._homes.items()
            for publication in home._of(lent.pictures)
            if publication.kind == "video" and not home._host.rests
        }
        return list(self._seen)

    def sources(self) -> list[Publication]:
        """All that those send whose pictures may be shown: whether they have a picture and a sound is told here, too."""
        return [each for home, lent in self._homes.items() for each in home._of(lent.pictures)]

    def rank(self) -> None:
        """Have those who are heard now ranked with the meeting's own, as loud as they are at home."""
        heard = {
            publication: home
            for home, lent in self._homes.items()
            for publication in (home._common() if lent.sounds is None else home._of(lent.sounds))
            # Whoever has come in himself needs nobody to lend him.
            if publication.participant not in self._own and self._may_be_heard(publication, home)
        }
        for publication in self._ranked.keys() - heard.keys():
            self._unrank(publication)
        for publication, home in heard.items():
            at_home = publication.microphone
            assert at_home is not None
            known = self._ranked.get(publication)
            if known is None:
                made = Microphone(object(), at_home.participant, at_home.has_levels, remote=at_home.remote)
                self._ranked[publication] = known = (home, made)
                self._ranking.add(made)
            known[1].smoothed, known[1].heard_at = at_home.smoothed, at_home.heard_at

    def recorded(self) -> list[Publication]:
        """What is recorded with this meeting: what is seen and heard of them here. Each node sees to its own."""
        if self._host.rests:
            return []
        return [
            each
            for home, lent in self._homes.items()
            if lent.recorded and not home._host.rests
            for each in home._of(lent.pictures)
            if not each.remote and (each.kind == "video" or self._may_be_heard(each, home))
            if each.participant not in self._own
        ]

    def _common(self) -> list[Publication]:
        """The meeting's own that are heard in it now."""
        return [publication for publication in self._host.audible if publication not in self._ranked]

    def by_microphone(self) -> dict[Microphone, Publication]:
        """Those who are ranked here."""
        return {microphone: publication for publication, (_, microphone) in self._ranked.items()}

    def _unrank(self, publication: Publication) -> None:
        known = self._ranked.pop(publication, None)
        if known is not None:
            self._ranking.remove(known[1].key)

    def _forget(self, publication: Publication) -> None:
        self._unrank(publication)
        self._seen.pop(publication, None)
        self._host.forget(publication)

    def dump(self) -> list[str]:
        """For people."""
        return sorted({each.label for each in (*self._seen, *self._ranked)})


def _is_heard_at_home(publication: Publication) -> bool:
    """Whether its own meeting hears it in common."""
    return publication.microphone is not None and not publication.microphone.muted
