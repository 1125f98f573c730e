"""One meeting's routing: which publication plays in which slot, who is heard, who may rest his camera."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from hub.media.egress.slot import NEXT, STAGE
from hub.media.egress.watcher import Watcher
from hub.media.ingest.publication import Publication
from hub.media.meeting.audio import AudioRanking, Speaker, fill_slots
from hub.media.meeting.guests import Guests, Lent
from hub.media.meeting.hearing import Hearing
from hub.media.meeting.relays import RelayLike, Relays
from hub.media.meeting.resting import Resting, Tell
from hub.media.meeting.sources import by_word, sources_of
from hub.media.meeting.stage import NOTHING_ASIDE, Aside, filled, in_order, picture_of

#: Most audio slots a viewer may have; one more is ranked, because nobody hears himself.
MAX_AUDIO_SLOTS: Final = 4
#: How often loudness is compared, and how often the levels are told.
RANK_EVERY_S: Final = 0.1
LEVELS_EVERY_S: Final = 0.5
#: Changes are routed at once, so many in a row; then one route each PAUSE_S brings about all that have come meanwhile. A route
#: looks at every viewer, some 10 µs each: with a thousand of them it is done eight times a second at most.
ROUTES_AT_ONCE: Final = 4
PAUSE_S: Final = 0.02
PAUSE_A_VIEWER_S: Final = 0.0001
#: Latest speakers remembered for the stage of those who are the speaker themselves.
_SPEAKERS: Final = 4


class Router:
    """The publications, viewers and relays of one meeting. Changes are followed by `route`, many of them by one together."""

    def __init__(self, meeting: str, tell: Tell) -> None:
        self.meeting = meeting
        self.broadcast: str | None = None
        self.aside = NOTHING_ASIDE
        self.hearing = Hearing()
        self.publications: list[Publication] = []
        self.watchers: dict[str, Watcher] = {}
        self.relays = Relays()
        self._tell = tell
        self._ranking = AudioRanking(MAX_AUDIO_SLOTS + 1)
        self.guests = Guests(self, self._ranking)
        self._speaker = Speaker()
        self._speakers: list[str] = []
        self._audible: list[Publication] = []
        self._in_order: list[Publication] = self.publications
        self._videos: dict[str, Publication] = {}
        #: Those that may be shown now.
        self._shown: dict[str, Publication] = {}
        self._showing: set[str] = set()
        self._resting = Resting(meeting, tell)
        self._looked_at = self._levels_at = float("-inf")
        #: What has changed since it was routed, or told; and how many routes may be done at once.
        self._changed = self._sources_changed = False
        self._routes, self._routes_at = float(ROUTES_AT_ONCE), 0.0

    @property
    def empty(self) -> bool:
        """Whether nothing is routed here."""
        return not (self.publications or self.watchers or self.relays)

    # --- changes --------------------------------------------------------------------------------------

    def add_publication(self, publication: Publication, now: float) -> None:
        """A track begins: relays get it, viewers may."""
        self.publications.append(publication)
        if publication.microphone is not None:
            self._set_heard(publication)
            self._ranking.add(publication.microphone)
        self.relays.offer(publication)
        if not publication.twin:
            self.guests.add_own(publication, now)
        self._sources_changed = True
        self._change(now)

    def add_layer(self, publication: Publication, now: float) -> None:
        """A simulcast publication has one more layer; viewers take it when they next choose."""
        self.relays.layer(publication, now)

    def remove_publication(self, publication: Publication, now: float) -> None:
        """A track has ended."""
        if publication not in self.publications:
            return
        self.publications.remove(publication)
        self._resting.forget(publication)
        self.relays.withdraw(publication)
        if publication.microphone is not None:
            self._ranking.remove(publication.microphone.key)
        if not any(other.participant == publication.participant for other in self.publications):
            self._speaker.left(publication.participant)
            self._speakers = [who for who in self._speakers if who != publication.participant]
        publication.close()
        if self._videos.get(publication.word) is publication:
            del self._videos[publication.word]
        self.forget(publication)
        self.guests.remove_own(publication, now)
        self._sources_changed = True
        self._change(now)

    def forget(self, guest: Publication) -> None:
        """Host of guests: a track has ended that may stand in slots."""
        self._audible = [each for each in self._audible if each is not guest]
        self.relays.forget(guest)
        if self._shown.get(guest.word) is guest:
            del self._shown[guest.word]

    def add_watcher(self, watcher: Watcher, now: float) -> None:
        """A viewer is there: its slots are filled."""
        self.watchers[watcher.peer] = watcher
        self._route_one(watcher, now)

    def remove_watcher(self, watcher: Watcher) -> None:
        """A viewer has gone."""
        if self.watchers.pop(watcher.peer, None) is not None:
            watcher.close()

    def add_relay(self, name: str, relay: RelayLike) -> None:
        """A relay opens: it gets every publication of this node. What came by a relay goes no further."""
        self.relays.open(name, relay, self.publications)

    def remove_relay(self, name: str) -> None:
        """A relay has closed: its streams end."""
        self.relays.close(name, self.publications)

    def set(
        self,
        broadcast: str | None,
        hearing: Hearing,
        aside: Aside,
        now: float,
        guests: Mapping[Guests, Lent] | None = None,
    ) -> None:
        """The whole truth about stage, sound and guests, as control knows it: see `meeting.set` in docs/link.md."""
        before, self.hearing = self.hearing, hearing
        self.broadcast, self.aside = broadcast, aside
        self.relays.rest(hearing.paused, self.publications)
        moved = before.aside != hearing.aside
        for publication in self.publications:
            if publication.microphone is not None:
                moved |= self._set_heard(publication)
        if moved:
            # Routing may wait for more changes; who is not to hear somebody any more does not hear him from this moment.
            for watcher in self.watchers.values():
                if not watcher.mirror and self._withdraw(watcher, now):
                    self._tell_slots(watcher)
        if hearing.paused:
            # A pause waits for nothing: with this call the last packet has gone.
            self._rank(now)
            self.route(now)
        else:
            self._change(now)
        self.guests.invite(guests or {}, now)
        self.relays.lend(self.guests.recorded())
        self.guests.own_changed(now)

    def _set_heard(self, publication: Publication) -> bool:
        """Pass the sound of a publication on or not; True if it goes on among others than before."""
        standing = self.hearing.standing(publication.participant)
        if publication.standing == standing:
            return False
        publication.standing = standing
        moved = not standing.silent and publication.speak_among((standing.common, standing.apart))
        publication.set_muted(standing.silent, in_common=standing.common)
        return moved

    def _withdraw(self, watcher: Watcher, now: float) -> bool:
        """Empty the places of those whom a viewer may not hear; True if there were any."""
        changed = False
        for slot in watcher.audio:
            playing = slot.publication
            if playing is None:
                continue
            if playing in self.guests:
                hears = self.hearing.own_of(watcher.participant) is None
            else:
                hears = self.hearing.hears(watcher.participant, playing.participant)
            if not hears:
                changed |= slot.show(None, now)
        return changed

    def select(
        self,
        watcher: Watcher,
        wanted: Sequence[str | None],
        tiles: Sequence[tuple[int, int] | None] | None,
        now: float,
    ) -> None:
        """A viewer's choice of what its video slots show; before it is connected it is only remembered."""
        watcher.select(wanted, tiles)
        if watcher.peer in self.watchers:
            self._route_one(watcher, now)

    # --- routing --------------------------------------------------------------------------------------

    def withdraw(self, guests: Collection[Publication], now: float) -> None:
        """Host of guests: send nothing more of these, and fill every slot anew, at once."""
        had = [watcher for watcher in self.watchers.values() if watcher.withdraw(guests, now)]
        self._rank(now)
        self.route(now)
        for watcher in had:
            self._tell_slots(watcher)

    def fill_soon(self, now: float) -> None:
        """Host of guests: somebody who stands in slots, or may, has changed."""
        self._sources_changed = True
        self._change(now)

    def _change(self, now: float) -> None:
        self._changed = True
        self._catch_up(now)

    def _catch_up(self, now: float) -> None:
        """Route what has changed, unless that has been done so often lately that it waits for more."""
        pause = PAUSE_S + len(self.watchers) * PAUSE_A_VIEWER_S
        self._routes = min(ROUTES_AT_ONCE, self._routes + (now - self._routes_at) / pause)
        self._routes_at = now
        if self._changed and self._routes >= 1:
            self._routes -= 1
            if self._sources_changed:
                self._tell_sources()
            self._rank(now)
            self.route(now)

    def route(self, now: float) -> None:
        """Bring every slot of every viewer to what it should show; idempotent."""
        self._changed = False
        self._in_order = self.publications
        if any(publication.remote for publication in self.publications):
            # Sessions are named by the time they were opened: every node has the same order.
            self._in_order = sorted(self.publications, key=lambda publication: publication.peer)
        self._videos = by_word(self.publications)
        self._shown = {} if self.relays.paused else self._videos
        guests = self.guests.pictures()
        if guests and not self.relays.paused:
            self._shown = {**{guest.word: guest for guest in guests}, **self._videos}
            self._in_order = [*self._in_order, *guests]
        self._showing = {publication.participant for publication in self._shown.values()}
        self.relays.lend(self.guests.recorded())
        for watcher in self.watchers.values():
            self._route_one(watcher, now)

    def _route_one(self, watcher: Watcher, now: float) -> None:
        stage: str | None = None
        following: list[str | None] = []
        if watcher.mirror:
            stage = watcher.participant
        elif STAGE in watcher.selected or NEXT in watcher.selected:
            publishers = [publication.participant for publication in self._in_order]
            chosen = (self.aside.views.get(watcher.participant), self.broadcast, self.aside.fallback)
            order = in_order(watcher.participant, chosen, self._speakers, publishers, self._showing)
            if STAGE in watcher.selected and (shown := next(order, None)) is not None:
                stage = picture_of(shown, self._shown, self.aside.second)
            if NEXT in watcher.selected:
                following = filled(watcher.standing, watcher.named, order, self._shown)
        changed = watcher.show(stage, following, self._shown, now)
        if watcher.audio:
            changed |= self._route_audio(watcher, now)
        if changed:
            self.tell_seen(watcher)

    def tell_seen(self, watcher: Watcher) -> None:
        """Other pictures may have begun in a viewer's slots, or others be heard: tell what it was not told yet."""
        if watcher.slots() != watcher.told:
            self._tell_slots(watcher)

    def _tell_slots(self, watcher: Watcher) -> None:
        about = {"meeting": self.meeting, "peer": watcher.peer, "participant": watcher.participant}
        watcher.told = watcher.slots()
        self._tell("slots", {**about, **watcher.told})

    def _route_audio(self, watcher: Watcher, now: float) -> bool:
        playing: list[object | None] = [slot.publication for slot in watcher.audio]
        heard = self._heard_by(watcher)
        changed = False
        filled = fill_slots(playing, heard, None)
        for slot, publication in zip(watcher.audio, filled, strict=True):
            assert publication is None or isinstance(publication, Publication)
            changed |= slot.show(publication, now)
        watcher.hear(now)
        return changed

    def _heard_by(self, watcher: Watcher) -> list[Publication]:
        """The sounds a viewer may hear now, the first to be heard first."""
        own = None if watcher.mirror else self.hearing.own_of(watcher.participant)
        if own is None:
            return [p for p in self._audible if p.participant != watcher.participant]
        return [p for p in self._in_order if p.microphone is not None and p.participant in own] if own else []

    # --- time -----------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Route what waits for it; compare loudness, tell levels, pause and resume cameras now and then."""
        self._catch_up(now)
        if now - self._looked_at < RANK_EVERY_S:
            return
        self._looked_at = now
        before = self._audible
        self._rank(now)
        loudest = self._ranking.loudest(now)
        if self._speaker.update(loudest, now) and self._speaker.current is not None:
            speaker = self._speaker.current
            self._speakers = [speaker, *(who for who in self._speakers if who != speaker)][:_SPEAKERS]
            self.route(now)
        elif self._audible != before:
            self.route(now)
        self._resting.tick(self._videos.values(), now)
        if now - self._levels_at >= LEVELS_EVERY_S and self._hears_own:
            self._levels_at = now
            self._tell(
                "levels",
                {
                    "meeting": self.meeting,
                    "levels": self._ranking.levels(now),
                    "speaker": self._speaker.current,
                },
            )

    @property
    def _hears_own(self) -> bool:
        """Whether microphones stand at this node; the levels of others their own nodes tell."""
        return any(not microphone.remote for microphone in self._ranking.microphones.values())

    @property
    def audible(self) -> list[Publication]:
        """The sounds that are heard now, guests among them, the first in the ranking first."""
        return self._audible

    @property
    def loud(self) -> list[Publication]:
        """The sounds of which other nodes are told how loud they are: these, and those that are lent by name."""
        return list(dict.fromkeys((*self._audible, *self.guests.asked_for())))

    @property
    def rests(self) -> bool:
        """Whether nothing is heard or seen here now."""
        return self.hearing.paused

    @property
    def has_listeners(self) -> bool:
        """Whether any viewer here hears something."""
        return any(watcher.audio for watcher in self.watchers.values())

    @property
    def listens(self) -> bool:
        """Whether anybody here hears the meeting, in it or in one that it lends to."""
        return self.has_listeners or self.guests.listened_to

    def _rank(self, now: float) -> None:
        by_microphone = {p.microphone: p for p in self.publications if p.microphone is not None}
        self.guests.rank()
        by_microphone |= self.guests.by_microphone()
        self._audible = [by_microphone[microphone] for microphone in self._ranking.rank(now)]

    def tell_quality(self, watcher: Watcher) -> None:
        """A viewer's tiles or line got better or worse."""
        about = {"meeting": self.meeting, "peer": watcher.peer, "participant": watcher.participant}
        self._tell("tiles", {**about, "video": watcher.tiles()})
        downlink = watcher.adaptation.downlink
        if downlink is not None:
            self._tell("downlink", {**about, **dataclasses.asdict(downlink)})

    def _tell_sources(self) -> None:
        self._sources_changed = False
        self._tell(
            "sources",
            {"meeting": self.meeting, "sources": sources_of((*self.publications, *self.guests.sources()))},
        )

    def retell(self) -> None:
        """Tell what holds now once more: sources, slots, pauses."""
        self._tell_sources()
        for watcher in self.watchers.values():
            self._tell_slots(watcher)
            self.tell_quality(watcher)
        self._resting.retell(self._videos.values())

    def hello(self) -> dict[str, object]:
        """The meeting in the node's hello."""
        return {"meeting": self.meeting, "broadcast": self.broadcast, "muted": sorted(self.hearing.muted)}

    def dump(self) -> dict[str, object]:
        """The meeting for people. Its peers tell the rest of themselves."""
        return {
            "meeting": self.meeting,
            "broadcast": self.broadcast,
            **self.hearing.dump(),
            "speaker": self._speaker.current,
            "publications": [publication.label for publication in self.publications],
            "remote": [publication.dump() for publication in self.publications if publication.remote],
            "watchers": list(self.watchers),
            "relays": sorted(self.relays),
            "guests": self.guests.dump(),
        }
