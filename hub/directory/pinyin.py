"""How a Chinese name is spelled in Latin letters, with every usual reading of each character."""

from __future__ import annotations

from pypinyin import Style, pinyin


def spell(name: str) -> str:
    """The syllables of a name, parted by blanks, other readings of a character behind a stroke, the likeliest first.

    Latin letters and digits stand for themselves, each a syllable; everything else is left out.

    >>> spell("长岭村")
    'zhang/chang ling cun'
    """
    lowered = name.lower()
    syllables: list[str] = []
    for readings in pinyin(lowered, style=Style.NORMAL, heteronym=True, v_to_u=False):
        if readings[0] in lowered:  # what is no Chinese character comes as it stands, a run at a time
            syllables += [letter for letter in readings[0] if _is_plain(letter)]
        else:
            syllables.append("/".join(dict.fromkeys(readings)))
    return " ".join(syllables)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def initials(spelled: str) -> str:
    """First letters of the likeliest readings: "tdc" of "tan du cun"."""
    return "".join(syllable[0] for syllable in spelled.split())
