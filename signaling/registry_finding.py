"""Looking for somebody in the registry: by number or telephone in all that one sees, by everything else within a village."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.directory.accounts import Account
from hub.directory.finding import words_of
from hub.errors import Refusal
from hub.grids.catalog import grids_in
from hub.grids.likeness import Like, Wanted, alike, reads_as
from hub.grids.registry import Household, HouseholdCard
from hub.grids.registry_forms import NoForm, birth_of, name_of, number_of, phone_of
from hub.grids.registry_sealing import RegistryKey
from signaling.registry_sight import RegistrySight
from signaling.schemas.registry_asked import RegistrySearch
from signaling.services import Json, Services

#: Households that share a number or a telephone: as many as are looked at.
_SHARED: Final = 50


class RegistryFinder:
    """Who looks for somebody comes here. Everything raises Refusal."""

    def __init__(self, services: Services, sight: RegistrySight) -> None:
        self._services = services
        self._sight = sight

    async def find(self, account: Account, asked: RegistrySearch) -> Json:
        """``RegistryFound``: what is asked for, as far as the account may know of it."""
        if asked.name or asked.number or asked.phone:
            found = await self._alike(account, asked)
            likes = [(each.household, each.person.person, each.score, list[str](each.why)) for each in found]
        else:
            likes = await self._by_words(account, asked)
        more = len(likes) > asked.limit
        likes = likes[: asked.limit]
        seen = await self._sight.seen(account, [household for household, *_ in likes])
        return {
            "found": [
                {"household": household, "person": person, "score": score, "why": why}
                for household, (_, person, score, why) in zip(seen, likes, strict=True)
            ],
            "more": more,
        }

    async def _alike(self, account: Account, asked: RegistrySearch) -> Sequence[Like]:
        """Who may be the one who is about to be registered. Those beyond the village are told by number alone."""
        registry, key = self._services.registry, self._services.registry.key
        wanted = self._wanted(asked)
        marks = [key.number_mark(wanted.number)] if wanted.number else []
        marks += [key.phone_mark(wanted.phone)] if wanted.phone else []
        near = await registry.in_village(self._village(account, asked)) if wanted.name else []
        known = {each.household for each in near}
        far = [each for each in await registry.marked(marks, _SHARED) if each.household not in known]
        there = [each for each in (*near, *far) if self._sight.may(account, "read", each.grid)]
        if wanted.name:
            return alike(wanted, there, asked.limit + 1)
        return [
            Like(household, person, 100.0, ("number",) if by_number else ("phone",))
            for household in there
            for person in household.persons
            if (by_number := bool(wanted.number) and wanted.number == person.number)
            or (wanted.phone and wanted.phone == person.phone)
        ][: asked.limit + 1]

    async def _by_words(
        self, account: Account, asked: RegistrySearch
    ) -> list[tuple[Household, str, float, list[str]]]:
        text = asked.text.strip()
        if not text:
            raise Refusal("invalid", "say who or what is looked for", "text")
        registry, key = self._services.registry, self._services.registry.key
        if (marks := _marks(key, text, self._today())) and (shared := await registry.marked(marks, _SHARED)):
            return [
                (
                    each,
                    person.person,
                    100.0,
                    ["number" if key.number_mark(person.number) in marks else "phone"],
                )
                for each in shared
                if self._sight.may(account, "read", each.grid)
                for person in each.persons
                if {key.number_mark(person.number), key.phone_mark(person.phone)} & set(marks)
            ]
        village = self._village(account, asked)
        own = grids_in(self._services.writer.state).of_village.get(village, [])
        grids = [grid for grid in own if self._sight.may(account, "read", grid)]
        households = await registry.in_grids(grids) if grids else []
        cards = {card.household: card for card in await registry.cards(households)}
        words, found = words_of(text), []
        for household in households:
            whole = self._sight.may(account, "see", household.grid)
            best = _best(household, cards[household.household], words, digits=whole)
            if best is not None:
                found.append((household, *best))
        found.sort(key=lambda each: -each[2])
        return found

    def _wanted(self, asked: RegistrySearch) -> Wanted:
        """Raises Refusal `invalid`."""
        field = "name"
        try:
            name = name_of(asked.name) if asked.name else ""
            field = "number"
            number, _ = number_of(asked.number, self._today())
            field = "phone"
            phone = phone_of(asked.phone)
            field = "birth"
            birth = birth_of(asked.birth, self._today())
        except NoForm:
            raise Refusal("invalid", "this cannot be", field) from None
        return Wanted(name, number, phone, birth, asked.building or "")

    def _village(self, account: Account, asked: RegistrySearch) -> str:
        """Raises Refusal `not_found`, or `invalid` for what is no village."""
        village = asked.center or account.center
        if village not in self._services.tree:
            raise Refusal("not_found", "there is no such center", "center")
        return village

    def _today(self) -> date:
        return self._services.clock().date()


def _marks(key: RegistryKey, text: str, today: date) -> list[str]:
    """The marks of a text that may be a whole number or telephone; none where it is neither."""
    found: list[str] = []
    try:
        number, kind = number_of(text, today)
        found += [key.number_mark(number)] if kind else []
    except NoForm:
        pass
    try:
        found += [key.phone_mark(phone)] if (phone := phone_of(text)) else []
    except NoForm:
        pass
    return found


def _best(
    household: Household, card: HouseholdCard, words: Sequence[str], *, digits: bool
) -> tuple[str, float, list[str]] | None:
    """The person of a household whom these words mean best: each word is his, or says where it is.

    `digits`: some of a number or telephone are enough; who is told them covered could guess them so.
    """
    place = " ".join(card.place).lower()
    best: tuple[str, float, list[str]] | None = None
    for person in household.living:
        score, why = 0.0, list[str]()
        for word in words:
            name = reads_as(person.name, word)
            if name:
                score, why = score + name, [*why, "name"]
            elif word in place:
                score, why = score + 50.0, [*why, "place"]
            elif (
                digits
                and len(word) >= 4
                and word.isdigit()
                and (word in person.phone or person.number.endswith(word))
            ):
                score, why = score + 70.0, [*why, "phone" if word in person.phone else "number"]
            else:
                break
        else:
            if best is None or score > best[1]:
                best = person.person, score / len(words), list(dict.fromkeys(why))
    return best
