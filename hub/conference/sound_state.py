"""What the entries about sound do to the state."""

from __future__ import annotations

from typing import Any, Final

from hub.clock import to_wire
from hub.conference.sound_shapes import (
    Apart,
    ApartBegun,
    ApartEnded,
    ApartJoined,
    ApartLeft,
    ListenBegun,
    ListenEnded,
    Member,
    OfCenters,
    OwnSound,
    OwnSounds,
    Sound,
    SoundChanged,
    TalkBegun,
    TalkEnded,
    Talker,
    Voice,
)
from hub.entry import Entry
from hub.parts import PartTable
from hub.ruling import Control, EntryRule
from hub.shapes import OfParticipant
from hub.state import HubState, Meeting


def _open(state: HubState, entry: Entry) -> Meeting | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting if meeting is not None and meeting.is_open else None


def _of(shape: type[Any], data: Any, **more: Any) -> Any:
    """A value out of an entry's data; fields of a later version are left aside."""
    return shape.model_construct(**{name: data[name] for name in shape.model_fields if name in data}, **more)


def _own(parts: PartTable, who: str, **values: Any) -> None:
    """Change what holds for one participant; a row that says nothing is taken out."""
    before = parts.read(OwnSounds).rows.get(who, OwnSound())
    after = before.model_copy(update=values)
    if after == OwnSound():
        parts.drop_row(OwnSounds, who)
    elif after != before:
        parts.put_row(OwnSounds, who, after)


def _changed(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound = meeting.parts.edit(Sound)
        for name in SoundChanged.model_fields:
            setattr(sound, name, entry.data[name])


def _closed(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound, now = meeting.parts.edit(Sound), set(entry.data["centers"])
        sound.closed = sorted({*sound.closed, *now})
        for who in [seat.id for seat in meeting.seats.values() if seat.center in now]:
            _own(meeting.parts, who, speaker_off=True)


def _opened(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound, now = meeting.parts.edit(Sound), set(entry.data["centers"])
        sound.closed = [code for code in sound.closed if code not in now]
        for who in [seat.id for seat in meeting.seats.values() if seat.center in now]:
            _own(meeting.parts, who, speaker_off=False)


def _talks(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound = meeting.parts.edit(Sound)
        others = [one for one in sound.talking if one.participant != entry.data["participant"]]
        sound.talking = [*others, _of(Talker, entry.data, at=to_wire(entry.at))]


def _talks_no_more(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound = meeting.parts.edit(Sound)
        sound.talking = [one for one in sound.talking if one.participant != entry.data["participant"]]


def _begun(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        data = entry.data
        members = [_of(Member, each) for each in data["members"]]
        apart = Apart.model_construct(
            talk=data["talk"],
            by=data["by"]["account"],
            center=data["center"],
            center_name=data["center_name"],
            at=to_wire(entry.at),
            members=members,
        )
        meeting.parts.edit(Sound).apart = [*meeting.read(Sound).apart, apart]


def _change_members(state: HubState, entry: Entry, change: Any) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound = meeting.parts.edit(Sound)
        sound.apart = [
            one.model_copy(update={"members": change(one.members)}) if one.talk == entry.data["talk"] else one
            for one in sound.apart
        ]


def _came_in(state: HubState, entry: Entry) -> None:
    member = _of(Member, entry.data["member"])
    _change_members(state, entry, lambda members: [*members, member])


def _went_out(state: HubState, entry: Entry) -> None:
    gone = entry.data["participant"]
    _change_members(state, entry, lambda members: [one for one in members if one.participant != gone])


def _ended(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        sound = meeting.parts.edit(Sound)
        sound.apart = [one for one in sound.apart if one.talk != entry.data["talk"]]


def _listens(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        by, to = _of(Voice, entry.data["by"]), _of(Voice, entry.data["to"])
        _own(meeting.parts, by.participant, listens=to)
        heard = meeting.read(OwnSounds).rows.get(to.participant, OwnSound())
        _own(meeting.parts, to.participant, listeners=[*heard.listeners, by])


def _listens_no_more(state: HubState, entry: Entry) -> None:
    if (meeting := _open(state, entry)) is not None:
        by, to = entry.data["by"], entry.data["to"]
        _own(meeting.parts, by, listens=None)
        heard = meeting.read(OwnSounds).rows.get(to, OwnSound())
        _own(meeting.parts, to, listeners=[one for one in heard.listeners if one.participant != by])


_APART_REASONS: Final[dict[str, tuple[str, str]]] = {
    "back": ("返回会议", "back to the meeting"),
    "forced": ("强拆", "by force"),
    "roll_call": ("开始点名", "a roll call began"),
    "left": ("一方离开", "one side left"),
}
_LISTEN_REASONS: Final[dict[str, tuple[str, str]]] = {
    "ended": ("停止", "stopped"),
    "left": ("一方离开", "one of the two left"),
    "other": ("改听别方", "others are heard"),
    "roll_call": ("开始点名", "a roll call began"),
}

SETTINGS = (
    EntryRule(
        "sound.changed", SoundChanged, _changed, nodes=True, control=Control("声音规则", "rules of sound")
    ),
    EntryRule(
        "speaker.closed", OfCenters, _closed, nodes=True, control=Control("关闭扬声器", "speakers closed")
    ),
    EntryRule(
        "speaker.opened", OfCenters, _opened, nodes=True, control=Control("打开扬声器", "speakers opened")
    ),
)
TALK = (
    EntryRule("talk.begun", TalkBegun, _talks, nodes=True, control="none"),
    EntryRule("talk.ended", TalkEnded, _talks_no_more, nodes=True, control="none"),
    EntryRule(
        "talk.cut_off", OfParticipant, _talks_no_more, nodes=True, control=Control("强拆讲话", "cut off")
    ),
)
APART = (
    EntryRule("apart.begun", ApartBegun, _begun, nodes=True, control=Control("单独通话", "word apart begun")),
    EntryRule(
        "apart.joined",
        ApartJoined,
        _came_in,
        nodes=True,
        control=Control("加入单独通话", "in the word apart"),
    ),
    EntryRule(
        "apart.left",
        ApartLeft,
        _went_out,
        nodes=True,
        control=Control("退出单独通话", "out of the word apart"),
    ),
    EntryRule(
        "apart.ended",
        ApartEnded,
        _ended,
        nodes=True,
        control=Control("结束单独通话", "word apart over", reasons=_APART_REASONS),
    ),
)
LISTENING = (
    EntryRule("listen.begun", ListenBegun, _listens, nodes=True, control=Control("开始监听", "listens in")),
    EntryRule(
        "listen.ended",
        ListenEnded,
        _listens_no_more,
        nodes=True,
        control=Control("结束监听", "listens in no more", reasons=_LISTEN_REASONS),
    ),
)
