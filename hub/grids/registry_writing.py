"""What becomes of households when somebody writes. What people wrote is brought into one form, or refused by its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol

from hub.errors import Refusal
from hub.grids.registry import MAX_PERSONS, Household, Person
from hub.grids.registry_forms import NoForm, birth_of, name_of, number_of, phone_of, told_by

_SAYS: Final = {
    "number": "this is no number of an identity card or another paper",
    "check": "the number's last digit does not fit the others",
    "birth": "this is no birthday",
    "phone": "this is no telephone number",
    "name": "a name has 1 to 50 characters",
}
#: Of a person, what its entry names, by field.
_NAMED: Final = {
    "name": "names",
    "number": "numbers",
    "phone": "phones",
    "birth": "births",
    "relation": "relations",
    "residence": "residences",
}
_FIELDS: Final = ("name", "number", "phone", "birth", "sex", "relation", "residence", "note")


class Written(Protocol):
    """What somebody wrote of a person."""

    @property
    def name(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def birth(self) -> str | None: ...


class Same(Protocol):
    """Two entries of one person; `take`: what is taken of the other one."""

    @property
    def person(self) -> str: ...
    @property
    def other(self) -> str: ...
    @property
    def take(self) -> Sequence[str]: ...


def person_of(written: Any, was: Person, today: date, field: str) -> Person:
    """A person as it is written, in one form; None stays as it was. Raises Refusal `invalid` with the field."""
    new: dict[str, Any] = {}
    forms: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("name", name_of),
        ("number", lambda text: number_of(text, today)),
        ("phone", phone_of),
        ("birth", lambda text: birth_of(text, today)),
    )
    for name, form in forms:
        text = getattr(written, name)
        if text is None:
            continue
        try:
            new[name] = form(text)
        except NoForm as problem:
            raise Refusal("invalid", _SAYS[str(problem)], f"{field}.{name}") from None
    if "number" in new:
        new["number"], new["number_kind"] = new["number"]
    for name in ("sex", "relation", "residence", "note"):
        if (value := getattr(written, name)) is not None:
            new[name] = value
    made = was.model_copy(update=new)
    if made.number_kind == "id":
        birth, sex = told_by(made.number)
        made = made.model_copy(update={"birth": birth, "sex": sex})
    return made


def blank(person: str) -> Person:
    """A person of whom nothing is known yet."""
    return Person(person=person, name="")


def with_persons(
    household: Household,
    changes: Iterable[Any],
    new: Iterable[Any],
    today: date,
    new_id: Callable[[], str],
    field: str = "new",
) -> Household:
    """The household with what is changed of its persons, and with those who came; `field`: where these stand in the body.

    Raises Refusal `invalid`, `not_found`.
    """
    persons = {each.person: each for each in household.persons}
    for at, change in enumerate(changes):
        was = persons.get(change.person)
        if was is None:
            raise Refusal("not_found", "there is no such person in this household", f"persons.{at}.person")
        persons[change.person] = person_of(change, was, today, f"persons.{at}")
    for at, written in enumerate(new):
        made = person_of(written, blank(new_id()), today, f"{field}.{at}")
        persons[made.person] = made
    if len(persons) > MAX_PERSONS:
        raise Refusal("invalid", f"a household has at most {MAX_PERSONS} persons", field)
    return household.model_copy(update={"persons": list(persons.values())})


def require_persons(household: Household, persons: Iterable[str]) -> set[str]:
    """These, if they live there. Raises Refusal `not_found`."""
    wanted = set(persons)
    if wanted - {each.person for each in household.living}:
        raise Refusal("not_found", "somebody named does not live in this household", "persons")
    return wanted


def left(household: Household, persons: Iterable[str], at: str) -> Household:
    """The household once these, or all of it, live there no more."""
    wanted = require_persons(household, persons)
    gone = [
        each.model_copy(update={"left_at": at})
        if not each.left_at and (not wanted or each.person in wanted)
        else each
        for each in household.persons
    ]
    state = "here" if wanted and any(not each.left_at for each in gone) else "left"
    return household.model_copy(update={"persons": gone, "state": state})


def back(household: Household) -> Household:
    """A household that left lives there again: those who left with it, at the last moment that somebody did."""
    last = max((each.left_at for each in household.persons), default="")
    persons = [
        each.model_copy(update={"left_at": ""}) if each.left_at == last else each
        for each in household.persons
    ]
    return household.model_copy(update={"persons": persons, "state": "here"})


def moved(source: Household, to: Household, persons: Iterable[str]) -> tuple[Household, Household]:
    """Both households once these persons moved from one into the other."""
    wanted = require_persons(source, persons)
    going = [each for each in source.persons if each.person in wanted]
    staying = [each for each in source.persons if each.person not in wanted]
    there = {each.person for each in to.persons}
    arrived = [each.model_copy(update={"relation": "other"}) for each in going if each.person not in there]
    if len(to.persons) + len(arrived) > MAX_PERSONS:
        raise Refusal("invalid", f"a household has at most {MAX_PERSONS} persons", "persons")
    return (
        source.model_copy(update={"persons": staying}),
        to.model_copy(update={"persons": [*to.persons, *arrived]}),
    )


def merged(household: Household, other: Household, same: Sequence[Same]) -> tuple[Household, Household]:
    """Both households once the other one was found to be this one. Raises Refusal `invalid`, `not_found`."""
    theirs = {each.person: each for each in other.persons}
    persons = {each.person: each for each in household.persons}
    for at, pair in enumerate(same):
        one, two = persons.get(pair.person), theirs.pop(pair.other, None)
        if one is None or two is None:
            raise Refusal("not_found", "there is no such person in these households", f"same.{at}")
        taken = {
            name: getattr(two, name)
            for name in _FIELDS
            if name in pair.take or (not getattr(one, name) and getattr(two, name))
        }
        if "number" in taken:
            taken["number_kind"] = two.number_kind
        persons[one.person] = one.model_copy(update=taken)
    for each in theirs.values():
        relation = "other" if each.relation == "head" and persons else each.relation
        persons[each.person] = each.model_copy(update={"relation": relation})
    if len(persons) > MAX_PERSONS:
        raise Refusal("invalid", f"a household has at most {MAX_PERSONS} persons", "other")
    note = household.note or other.note
    return (
        household.model_copy(update={"persons": list(persons.values()), "note": note}),
        other.model_copy(update={"state": "merged"}),
    )


def different(was: Household, now: Household) -> list[str]:
    """What is other, as the entry names it."""
    found = [name for name in ("kind", "note") if getattr(was, name) != getattr(now, name)]
    if was.house != now.house:
        found.append("house")
    before = {each.person: each for each in was.persons}
    after = {each.person: each for each in now.persons}
    if before.keys() != after.keys():
        found.append("persons")
    for name, word in _NAMED.items():
        if any(getattr(before[id], name) != getattr(after[id], name) for id in before.keys() & after.keys()):
            found.append(word)
    if not found and was != now:
        found.append("note")
    return found
