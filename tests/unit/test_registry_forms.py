"""Numbers, telephones, names and birthdays in one form; what is covered of them; who may be the same person."""

from __future__ import annotations

from datetime import date

import pytest

from hub.errors import Refusal
from hub.grids.likeness import Wanted, alike, may_be
from hub.grids.made_up import made_grid
from hub.grids.registry import Household, Person, card_of
from hub.grids.registry_forms import (
    NoForm,
    birth_of,
    check_digit,
    masked_name,
    masked_number,
    masked_phone,
    name_of,
    number_of,
    phone_of,
    told_by,
)
from hub.grids.registry_sealing import RegistryKey, committed, packed

TODAY = date(2026, 11, 30)
#: A region (99) that there is none of: nobody has these numbers.
NUMBER = "990101198005120010"
WRITTEN = NUMBER[:17] + check_digit(NUMBER[:17])
GRID = "430682115210001"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (WRITTEN, (WRITTEN, "id")),
        (f" {WRITTEN[:6]} {WRITTEN[6:14]}-{WRITTEN[14:].lower()} ", (WRITTEN, "id")),
        ("".join(chr(ord(digit) + 0xFEE0) for digit in WRITTEN), (WRITTEN, "id")),
        ("990101800512001", ("990101198005120019"[:17] + check_digit("99010119800512001"), "id")),
        ("e 1234567", ("E1234567", "other")),
        ("", ("", "")),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, normal: tuple[str, str]) -> None:
    assert number_of(written, TODAY) == normal


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (WRITTEN[:17] + ("1" if WRITTEN[17] != "1" else "2"), "check"),
        ("990101198013010013", "birth"),
        ("990101203001010013", "birth"),
        ("1234", "number"),
        ("12345678901234567", "number"),
        ("坦渡村", "number"),
    ],
)
def test_a_number_that_nobody_can_have_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(NoForm, match=f"^{why}$"):
        number_of(written, TODAY)


def test_a_number_tells_birthday_and_sex() -> None:
    assert told_by(WRITTEN) == ("1980-05-12", "m")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("154 0000 0001", "15400000001"),
        ("+86-154-0000-0001", "15400000001"),
        ("0086（0730）8880001", "07308880001"),
        ("+852 5550 0001", "+85255500001"),
        ("", ""),
    ],
)
def test_a_telephone_has_one_form(written: str, normal: str) -> None:
    assert phone_of(written) == normal


@pytest.mark.parametrize("written", ["12", "abc", "2540000000100", "++86"])
def test_what_is_no_telephone_is_refused(written: str) -> None:
    with pytest.raises(NoForm, match="phone"):
        phone_of(written)


def test_names_and_birthdays_have_one_form() -> None:
    assert name_of(" 云 青 樵 ") == "云青樵"
    assert name_of("阿依・古丽") == name_of("阿依•古丽") == "阿依·古丽"
    assert name_of("Ann  Smith") == "Ann Smith"
    assert [birth_of(each, TODAY) for each in ("1980年5月2日", "19800502", "1980", "")] == [
        "1980-05-02",
        "1980-05-02",
        "1980",
        "",
    ]
    for wrong in ("2027", "1980-02-30", "昨天"):
        with pytest.raises(NoForm, match="birth"):
            birth_of(wrong, TODAY)
    with pytest.raises(NoForm, match="name"):
        name_of("  ")


def test_what_is_masked_does_not_tell_who_it_is() -> None:
    assert (masked_name("云青樵"), masked_number(WRITTEN)[:-2], masked_phone("15400000001")) == (
        "云••",
        "••••••",
        "••••••01",
    )
    assert masked_name("") == masked_number("") == masked_phone("") == ""


def household(*persons: Person, id: str = "hh_000000000000000001", building: str = "bd_1") -> Household:
    return Household(household=id, grid=GRID, building=building, house="ho_1", walk=1, persons=list(persons))


def person(nth: int, name: str, **more: str) -> Person:
    return Person.model_validate({"person": f"pe_{nth:018}", "name": name, **more})


def test_the_same_number_is_the_same_person_and_a_slip_of_the_pen_is_shown() -> None:
    there = household(person(1, "云青樵", number=WRITTEN, birth="1980-05-12"))
    [same] = alike(Wanted(name="别的名", number=WRITTEN), [there])
    assert (same.score, same.why) == (100.0, ("number",))
    slip = WRITTEN[:15] + "99" + WRITTEN[17]
    assert alike(Wanted(name="云青樵", number=slip, birth="1980-05-12"), [there])
    other = "990101197001010018"
    assert alike(Wanted(name="云青樵", number=other, birth="1980-05-12"), [there]) == []


def test_without_a_number_name_as_it_sounds_birthday_and_building_tell_together() -> None:
    there = household(person(1, "章玮", birth="1980-05-12"), person(2, "李石亭", birth="1950"))
    [like] = alike(Wanted(name="张伟", birth="1980-05-12", building="bd_1"), [there])
    assert (like.person.name, like.why) == ("章玮", ("name", "birth", "building"))
    assert alike(Wanted(name="张伟", birth="1931-01-01", building="bd_2"), [there]) == []
    assert alike(Wanted(name="王大山", birth="1980-05-12", building="bd_1"), [there]) == []


def test_the_likeliest_stands_first_and_a_shared_telephone_is_told() -> None:
    near = household(person(1, "云青樵", birth="1980"), id="hh_000000000000000001")
    same = household(person(2, "云青樵", birth="1980-05-12", phone="15400000001"), id="hh_000000000000000002")
    found = alike(Wanted(name="云青樵", birth="1980-05-12", phone="15400000001"), [near, same])
    assert [each.person.person[-1] for each in found] == ["2", "1"]
    assert "phone" in found[0].why


def test_who_is_left_out_before_he_is_made_whole_would_not_have_been_shown() -> None:
    homes = made_grid(3, GRID, 0, 40).households
    there = [
        Household.model_construct(household=home.household, grid=GRID, building="", persons=[person])
        for home in homes
        for person in (Person.model_construct(**each._asdict()) for each in home.persons)
    ]
    asked = 0
    for like in there[::3]:
        (person,) = like.persons
        slip = person.number[:-2] + "00" if person.number else ""
        for wanted in (
            Wanted(person.name, "", "", person.birth),
            Wanted("欧阳某", person.number),
            Wanted("欧阳某", "", person.phone),
            Wanted(person.name, slip),
            Wanted(person.name[:1] + "某某"),
        ):
            for home in there:
                (other,) = home.persons
                left_out = not may_be(wanted, other.name, other.number, other.phone)
                asked += left_out
                assert not (left_out and alike(wanted, [home])), (wanted, other)
    assert asked > 1000


def test_what_is_sealed_opens_under_the_same_key_for_the_same_household_alone() -> None:
    key, there = RegistryKey(b"k" * 32), household(person(1, "云青樵", number=WRITTEN))
    sealed, commitment = key.seal(there)
    assert key.open(there.household, sealed)["persons"][0]["number"] == WRITTEN
    assert "云" not in sealed
    for wrong, about in ((RegistryKey(b"j" * 32), there.household), (key, "hh_000000000000000002")):
        with pytest.raises(Refusal, match="key"):
            wrong.open(about, sealed)
    again, other = key.seal(there)
    assert again != sealed
    assert other != commitment, "the same is committed to under another salt each time"
    assert committed(b"s" * 16, packed(there)) == committed(b"s" * 16, packed(there))


def test_a_mark_is_the_same_for_the_same_number_and_another_under_another_key() -> None:
    key, other = RegistryKey(b"k" * 32), RegistryKey(b"j" * 32)
    assert key.number_mark(WRITTEN) == key.number_mark(WRITTEN) != other.number_mark(WRITTEN)
    assert key.number_mark("15400000001") != key.phone_mark("15400000001")
    assert WRITTEN not in key.number_mark(WRITTEN)


def test_what_is_printed_of_a_person_names_nobody() -> None:
    there = household(person(1, "云青樵", number=WRITTEN, phone="15400000001", birth="1980-05-12"))
    said = (
        f"{there!r}{there.persons[0]!r}{card_of(there, ['3栋'])!r}{Wanted(name='云青樵', number=WRITTEN)!r}"
    )
    assert not any(each in said for each in ("云青樵", WRITTEN, "15400000001", "1980-05"))


def test_made_up_grids_are_the_same_each_time_and_nobody_in_them_is_real() -> None:
    made = made_grid(7, GRID, 3)
    assert made == made_grid(7, GRID, 3)
    assert made != made_grid(8, GRID, 3)
    assert 30 <= len(made.households) <= 50
    persons = [each for household in made.households for each in household.persons]
    assert len({each.person for each in persons}) == len({each.number for each in persons}) == len(persons)
    for each in persons:
        assert number_of(each.number, TODAY) == (each.number, "id")
        assert each.number.startswith("99"), "no region has this code"
        assert each.phone == "" or (phone_of(each.phone) == each.phone and each.phone.startswith("154"))
        assert told_by(each.number) == (each.birth, each.sex)
    assert [each.walk for each in made.households] == sorted(each.walk for each in made.households)
