"""The station's command line, and the demo's accounts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from clients.station.__main__ import options_from, parser
from clients.station.demo import CENTERS, read_account
from clients.station.options import REASONS
from hub.conference.calls import DeclineReason

ACCOUNTS = [
    {"role": "leader", "center": "430682000000", "username": "lx-leader", "password": "one"},
    {"role": "station", "center": "430682000000", "username": "lx", "password": "two"},
    {"role": "clerk", "center": "430682115000", "username": "tdz", "password": "three"},
]


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "demo-accounts.json"
    path.write_text(json.dumps(ACCOUNTS), encoding="utf-8")
    return path


def test_the_center_of_the_demo_file_gives_its_station_account(accounts: Path) -> None:
    arguments = parser().parse_args(
        ["--accounts", str(accounts), "--center", "430682000000", "--auto-answer", "1.5", "--auto-sign"]
    )
    options = options_from(arguments)
    assert (options.username, options.password) == ("lx", "two")
    assert options.auto_answer_s == 1.5
    assert options.auto_sign
    assert "two" not in repr(options)


def test_it_declines_with_the_hubs_reasons_and_signs_in_with_a_name(accounts: Path) -> None:
    assert get_args(DeclineReason.__value__) == REASONS
    account = ["--accounts", str(accounts), "--center", "430682000000"]
    declines = options_from(parser().parse_args([*account, "--decline", "unattended"]))
    assert (declines.declines, declines.waits_s(15)) == ("unattended", 0)
    there = options_from(
        parser().parse_args([*account, "--answer-as-set", "--present", "李某", "--duty", "值守"])
    )
    assert (there.present, there.duty) == ("李某", "值守")
    assert (there.waits_s(15), there.waits_s(0)) == (15, None)
    with pytest.raises(SystemExit):
        parser().parse_args([*account, "--decline", "tired"])


def test_a_center_without_a_usable_account_is_named(accounts: Path) -> None:
    with pytest.raises(ValueError, match="430682115000"):
        read_account(accounts, "430682115000")


def test_the_password_comes_from_the_environment_or_a_file_never_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = parser().parse_args(["--username", "a"])
    monkeypatch.delenv("LIANXIAN_PASSWORD", raising=False)
    with pytest.raises(ValueError, match="LIANXIAN_PASSWORD"):
        options_from(arguments)
    monkeypatch.setenv("LIANXIAN_PASSWORD", "p")
    assert options_from(arguments).password == "p"
    (tmp_path / "word").write_text("from-file\n", encoding="utf-8")
    arguments = parser().parse_args(["--username", "a", "--password-file", str(tmp_path / "word")])
    assert options_from(arguments).password == "from-file"
    with pytest.raises(SystemExit):
        parser().parse_args(["--password", "x", "--username", "a", "--nonsense"])


@pytest.mark.parametrize("line", [[], ["--accounts", "x.json"]])
def test_too_little_is_refused(line: list[str]) -> None:
    with pytest.raises(ValueError, match=r"needed|needs"):
        options_from(parser().parse_args(line))


def test_the_demo_runs_a_county_a_township_and_two_villages() -> None:
    assert list(CENTERS) == ["430682000000", "430682115000", "430682115210", "430682115001"]
