"""What the hub tells a station about its own sound, in words for the log."""

from __future__ import annotations

from clients.station.parts import Parts


def sound_words(parts: Parts, me: str) -> set[str]:
    """What holds now of the sound of this account; nothing where all is as usual."""
    words: set[str] = set()
    if parts["seats"].get("rows", {}).get(me, {}).get("muted"):
        words.add("muted by the chair")
    own = parts["own_sound"].get("rows", {}).get(me, {})
    if own.get("speaker_off"):
        words.add("the loudspeaker is off by order of the chair")
    words |= {f"{_name(one)} listens in" for one in own.get("listeners", ())}
    sound = parts["sound"]
    for talk in sound.get("apart", ()):
        members = talk["members"]
        if any(one["participant"] == me for one in members):
            others = sorted(_name(one) for one in members if one["participant"] != me)
            words.add(f"a word apart with {', '.join(others)}")
            words |= {f"{_name(one)} came in by force" for one in members if one["forced"]}
    if sound.get("mode") == "talk":
        words.add("one talks by a key: not heard")
    return words


def _name(who: dict[str, str]) -> str:
    return f"{who['center_name']} {who['name']}"
