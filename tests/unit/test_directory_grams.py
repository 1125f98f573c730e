"""Words are found by pairs of characters: in both databases the same, and nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.grams import asked, fold, grams, marks, runs, spelled
from hub.store import sqlite
from hub.store.text_index import match, query, vector

TEXTS = st.text(st.sampled_from("水位上涨检查站 ，。、Ａa1𬭎é"), max_size=24)
WORDS = st.text(st.sampled_from("水位上涨检查站 ，Ａa1𬭎é"), min_size=1, max_size=6)


@pytest.fixture(name="connection", scope="module")
def _connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://", module=sqlite.driver())
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE t USING fts5(grams, content='', tokenize='ascii')")
        yield connection
    engine.dispose()


def holds(text: str, words: str) -> bool:
    """What is meant: each run of the words stands in one run of the text; of one character, it stands anywhere."""
    return all(any(run in other for other in runs(text)) for run in runs(words))


@given(text=TEXTS, words=WORDS)
def test_sqlite_finds_what_the_text_holds_and_nothing_else(
    connection: sa.Connection, text: str, words: str
) -> None:
    wanted = asked(words)
    if not wanted:
        return
    connection.exec_driver_sql("INSERT INTO t (t) VALUES ('delete-all')")
    connection.exec_driver_sql("INSERT INTO t (rowid, grams) VALUES (1, ?)", (" ".join(grams(text)),))
    found = connection.exec_driver_sql("SELECT rowid FROM t WHERE t MATCH ?", (match(wanted),)).all()
    assert (len(found) == 1) is holds(text, words)


@given(text=TEXTS, words=WORDS)
def test_what_is_marked_is_what_was_looked_for(text: str, words: str) -> None:
    for start, end in marks(text, words):
        piece = fold(text[start:end])[0]
        assert any(run in piece for run in runs(words))
    if holds(text, words) and runs(words):
        assert marks(text, words)


def test_texts_are_read_as_people_write_them() -> None:
    assert runs("Ｇ４高速，水位 3.5米") == ["g4高速", "水位", "3", "5米"]
    assert list(grams("水位上，涨")) == ["水位", "位上", "上", "涨"]
    assert asked("水位上 站") == [["水位", "位上"], ["站"]]
    assert marks("检查站前，检查站后", "查站") == [(1, 3), (6, 8)]


def test_names_are_spelled_in_full_and_by_initials_in_every_usual_reading() -> None:
    assert spelled("坦渡村") == "tanducun tdc"
    assert {"changlingcun", "clc", "zhanglingcun"} <= set(spelled("长岭村").split())
    assert spelled("tdc") == ""


def test_postgresql_is_asked_for_the_same() -> None:
    assert vector(grams("水位，水位")) == "'水位':1,3 '位':2,4"
    assert query(asked("水位上 站")) == "('水位' <-> '位上') & '站':*"
