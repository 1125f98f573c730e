"""Lists of people to be checked. Before, there were none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE clearings (
        id {code} NOT NULL, seq {number} NOT NULL, title TEXT NOT NULL, center {code} NOT NULL, made_by TEXT NOT NULL,
        note TEXT NOT NULL, due {code}, left_out {number} NOT NULL, repeated {number} NOT NULL,
        commitment {code} NOT NULL, loaded_at {code} NOT NULL, issued_at {code}, delete_at {code} NOT NULL,
        deleted_at {code}, deleted_why {code}, PRIMARY KEY (id))""",
    "CREATE INDEX clearings_seq ON clearings (seq)",
    "CREATE INDEX clearings_center ON clearings (center, seq)",
    """CREATE TABLE clearing_centers (
        clearing {code} NOT NULL, center {code} NOT NULL, total {number} NOT NULL, normal {number} NOT NULL,
        abnormal {number} NOT NULL, absent {number} NOT NULL, moved {number} NOT NULL, passed {number} NOT NULL,
        taken_at {code}, PRIMARY KEY (clearing, center))""",
    "CREATE INDEX clearing_centers_center ON clearing_centers (center, clearing)",
    """CREATE TABLE clearing_results (
        clearing {code} NOT NULL, number {number} NOT NULL, center {code} NOT NULL, outcome {code}, trouble {code},
        at {code} NOT NULL, account {code} NOT NULL, PRIMARY KEY (clearing, number))""",
    """CREATE TABLE clearing_keys (
        clearing {code} NOT NULL, sealed {code} NOT NULL, columns TEXT NOT NULL, at {code} NOT NULL,
        PRIMARY KEY (clearing))""",
    """CREATE TABLE clearing_rows (
        clearing {code} NOT NULL, number {number} NOT NULL, sealed {code} NOT NULL, mark {code},
        PRIMARY KEY (clearing, number))""",
    "CREATE INDEX clearing_rows_mark ON clearing_rows (mark, clearing)",
    """CREATE TABLE clearing_words (
        clearing {code} NOT NULL, number {number} NOT NULL, sealed {code} NOT NULL, PRIMARY KEY (clearing, number))""",
)
