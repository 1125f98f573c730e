"""The rules of the house: who changes accounts and centers, and what entries tell of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.centers_csv import yueyang_centers
from hub.entry import HOUSE
from hub.errors import Refusal
from hub.house.parts import Accounts, centers_of, tree_of
from hub.rules import ENTRIES
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, TREE, VILLAGE, World, account

SYSTEM_ADMIN = account("system_admin", COUNTY)
SECURITY_ADMIN = account("security_admin", COUNTY)
LIST = [
    {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
    for each in yueyang_centers()
]


def create(world: World, who: Account, *, role: str = "station", center: str = VILLAGE, **more: str) -> str:
    """A new account; its id."""
    new = {"username": f"{role}{len(world.entries)}", "name": "值守", "role": role, "center": center, **more}
    (entry,) = world.do(who, "account.create", accounts=[new])
    return str(entry.data["accounts"][0]["account"])


def refused(world: World, who: Account, kind: str, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code


def test_the_system_administrator_makes_moves_and_deletes_accounts_of_his_subtree() -> None:
    world = World()
    made = create(world, SYSTEM_ADMIN)
    (entry,) = world.do(SYSTEM_ADMIN, "account.change", account=made, name="王某", center=TOWN)
    assert entry.data["was"] == {"name": "值守", "role": "station", "center": VILLAGE, "cleared": False}
    found = world.state.parts.read(Accounts).by_id[made]
    assert (found.name, found.center, found.role) == ("王某", TOWN, "station")
    assert world.do(SYSTEM_ADMIN, "account.change", account=made, name="王某") == []
    assert refused(world, SYSTEM_ADMIN, "account.change", account=made) == "invalid"
    assert refused(world, SYSTEM_ADMIN, "account.change", account=made, center=OTHER_COUNTY) == "forbidden"
    assert refused(world, SYSTEM_ADMIN, "account.change", account=made, center="9" * 12) == "not_found"
    assert refused(world, SYSTEM_ADMIN, "account.change", account=made, role="leader") == "forbidden"
    assert refused(world, SYSTEM_ADMIN, "account.disable", account=made) == "forbidden"
    world.do(SYSTEM_ADMIN, "account.delete", account=made)
    assert world.state.parts.read(Accounts).by_id == {}
    assert world.state.parts.read(Accounts).ids == {}
    assert refused(world, SYSTEM_ADMIN, "account.delete", account=made) == "not_found"


def test_an_account_out_of_the_subtree_looks_as_one_that_is_not_there() -> None:
    world = World()
    elsewhere = create(world, SYSTEM_ACCOUNT, center=OTHER_COUNTY)
    above = create(world, SYSTEM_ACCOUNT, center=CITY)
    for made in (elsewhere, above):
        for kind in ("account.delete", "account.disable", "account.sign_out"):
            for who in (SYSTEM_ADMIN, SECURITY_ADMIN, account("leader", CITY)):
                assert refused(world, who, kind, account=made) == "not_found"
    auditor = account("audit_admin", COUNTY)
    assert refused(world, auditor, "account.delete", account=elsewhere) == "forbidden"
    assert refused(world, account("system_admin", CITY), "account.disable", account=elsewhere) == "forbidden"


def test_the_security_administrator_gives_roles_disables_and_ends_sessions() -> None:
    world = World()
    made = create(world, SYSTEM_ADMIN)
    kinds = [
        entry.kind
        for kind, more in (
            ("change", {"role": "leader"}),
            ("disable", {}),
            ("disable", {}),
            ("enable", {}),
            ("sign_out", {}),
        )
        for entry in world.do(SECURITY_ADMIN, f"account.{kind}", account=made, **more)
    ]
    assert kinds == ["account.changed", "account.disabled", "account.enabled", "account.signed_out"]
    assert refused(world, SECURITY_ADMIN, "account.delete", account=made) == "forbidden"
    assert refused(world, SECURITY_ADMIN, "account.change", account=made, name="x") == "forbidden"


def test_accounts_of_administrators_are_the_security_administrators() -> None:
    world = World()
    new = {"username": "x", "name": "x", "role": "audit_admin", "center": VILLAGE}
    assert refused(world, SYSTEM_ADMIN, "account.create", accounts=[new]) == "forbidden"
    made = create(world, SECURITY_ADMIN, role="audit_admin")
    assert refused(world, SYSTEM_ADMIN, "account.delete", account=made) == "forbidden"
    assert refused(world, SYSTEM_ADMIN, "account.change", account=made, name="x") == "forbidden"
    assert (
        refused(world, SECURITY_ADMIN, "account.create", accounts=[{**new, "role": "clerk"}]) == "forbidden"
    )
    world.do(SECURITY_ADMIN, "account.delete", account=made)


def test_nobody_raises_disables_or_deletes_himself() -> None:
    world = World()
    new = {"username": "g", "name": "g", "role": "security_admin", "center": COUNTY}
    (entry,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    own = world.state.parts.read(Accounts).by_id[entry.data["accounts"][0]["account"]]
    assert refused(world, own, "account.change", account=own.id, role="system_admin") == "forbidden"
    assert refused(world, own, "account.disable", account=own.id) == "forbidden"
    assert refused(world, own, "account.delete", account=own.id) == "forbidden"


def test_a_user_name_is_given_once_and_is_free_again_after_its_account() -> None:
    world = World()
    first = create(world, SYSTEM_ADMIN, username="wang")
    new = {"username": "wang", "name": "x", "role": "station", "center": VILLAGE}
    assert refused(world, SYSTEM_ADMIN, "account.create", accounts=[new]) == "conflict"
    both = [{**new, "username": "li"}, {**new, "username": "li"}]
    assert refused(world, SYSTEM_ADMIN, "account.create", accounts=both) == "conflict"
    world.do(SYSTEM_ADMIN, "account.delete", account=first)
    assert create(world, SYSTEM_ADMIN, username="wang") != first


def test_people_in_other_roles_change_nothing() -> None:
    world = World()
    made = create(world, SYSTEM_ACCOUNT)
    for role in ("leader", "dispatcher", "station", "clerk"):
        who = account(role, CITY)
        assert refused(world, who, "account.change", account=made, name="x") == "not_found"
        assert refused(world, who, "center.import", centers=LIST) == "forbidden"
    for kind in ("account.note_password", "directory.adopt"):
        data = {"account": made, "by_owner": True} if kind == "account.note_password" else {}
        assert refused(world, SYSTEM_ADMIN, kind, **data) == "invalid"


def test_the_owner_gives_no_commands_of_meetings() -> None:
    world = World()
    assert refused(world, SYSTEM_ACCOUNT, "report.file", situation="normal") == "forbidden"


def test_a_list_of_centers_is_told_by_what_differs() -> None:
    world = World()
    entries = world.do(SYSTEM_ACCOUNT, "center.import", centers=LIST)
    assert centers_of(world.state) == yueyang_centers()
    assert max(len(json.dumps(entry.to_wire(), ensure_ascii=False).encode()) for entry in entries) < 65_536
    assert world.do(SYSTEM_ACCOUNT, "center.import", centers=LIST) == []
    renamed = [{**each, "name": "新村"} if each["code"] == VILLAGE else each for each in LIST[:-1]]
    (gone, put) = world.do(SYSTEM_ACCOUNT, "center.import", centers=renamed)
    assert (gone.data["put"], gone.data["gone"]) == ([], [LIST[-1]["code"]])
    assert [each["name"] for each in put.data["put"]] == ["新村"]
    assert tree_of(world.state)[VILLAGE].name == "新村"
    circle = [{"code": "1" * 12, "name": "x", "level": "city", "parent": "1" * 12}]
    assert refused(world, SYSTEM_ACCOUNT, "center.import", centers=circle) == "invalid"


def test_a_system_administrator_changes_centers_below_his_own() -> None:
    world = World()
    small = [
        {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
        for each in map(TREE.__getitem__, (CITY, COUNTY, TOWN, VILLAGE, OTHER_COUNTY))
    ]
    world.do(SYSTEM_ACCOUNT, "center.import", centers=small)
    more = {"code": "430682115999", "name": "新村", "level": "village", "parent": TOWN}
    world.do(SYSTEM_ADMIN, "center.import", centers=[*small, more])
    elsewhere = {**more, "code": "430621999000", "parent": OTHER_COUNTY}
    top = {**more, "code": "440000000000", "parent": None}
    for wrong in ([*small, more, elsewhere], [*small, more, top], small[1:]):
        code = refused(world, SYSTEM_ADMIN, "center.import", centers=wrong)
        assert code == ("forbidden" if wrong != small[1:] else "invalid")


def test_what_was_there_is_adopted_once() -> None:
    world = World()
    accounts = [
        {
            "account": f"a_{number:018d}",
            "username": f"u{number}",
            "name": "值守",
            "role": "station",
            "center": VILLAGE,
            "disabled": number == 3,
        }
        for number in range(3000)
    ]
    centers = [{**each, "place": place} for place, each in enumerate(LIST)]
    entries = world.do(SYSTEM_ACCOUNT, "directory.adopt", accounts=accounts, centers=centers)
    assert max(len(json.dumps(entry.to_wire(), ensure_ascii=False).encode()) for entry in entries) < 65_536
    assert centers_of(world.state) == yueyang_centers()
    known = world.state.parts.read(Accounts)
    assert len(known.by_id) == len(known.ids) == 3000
    assert [each.username for each in known.by_id.values() if each.disabled] == ["u3"]
    assert world.do(SYSTEM_ACCOUNT, "directory.adopt", accounts=accounts, centers=centers) == []


def test_entries_of_the_house_fit_their_schemas_and_are_told_to_no_page() -> None:
    world = World()
    made = create(world, SYSTEM_ADMIN)
    world.do(SECURITY_ADMIN, "account.change", account=made, role="leader")
    for kind in ("disable", "enable", "sign_out"):
        world.do(SECURITY_ADMIN, f"account.{kind}", account=made)
    world.do(SECURITY_ADMIN, "account.unlock", account=made)
    world.do(SYSTEM_ACCOUNT, "account.note_password", account=made, by_owner=False)
    world.do(SYSTEM_ADMIN, "account.change", account=made, name="x")
    other = create(world, SYSTEM_ADMIN, username="other")
    world.do(SYSTEM_ADMIN, "account.reset_password", accounts=[other])
    world.do(SYSTEM_ADMIN, "account.delete", account=other)
    world.do(SYSTEM_ADMIN, "account.delete", account=made)
    world.do(SYSTEM_ACCOUNT, "center.import", centers=LIST[:3])
    place = [{**each, "place": 9} for each in LIST[3:4]]
    world.do(SYSTEM_ACCOUNT, "directory.adopt", centers=place)
    top = account("system_admin", CITY)
    new = {"code": "4" * 12, "name": "新县", "level": "county", "parent": CITY}
    world.do(top, "center.create", **new)
    whole = [{name: getattr(each, name) for name in LIST[0]} for each in TREE.subtree(CITY)]
    world.do(SYSTEM_ACCOUNT, "center.import", centers=whole)
    world.do(top, "center.change", center=COUNTY, name="x")
    world.do(top, "center.remove", center=VILLAGE)
    for entry in world.entries:
        ENTRIES[entry.kind].schema.model_validate(json.loads(json.dumps(dict(entry.data))))
        assert entry.audience == (HOUSE,)
        assert entry.meeting is None
    ours = {kind for kind, rule in ENTRIES.items() if rule.house}
    assert {entry.kind for entry in world.entries} == {
        kind for kind in ours if kind.startswith(("account.", "center.", "directory."))
    }


def test_no_entry_of_an_account_holds_a_password() -> None:
    for kind, rule in ENTRIES.items():
        if rule.house:
            text = json.dumps(rule.schema.model_json_schema()).lower()
            for word in ("hash", "token", "secret", "totp"):
                assert word not in text, kind
