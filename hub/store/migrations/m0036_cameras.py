"""Version 33: the directory of cameras, with an index of words beside it, and their sealed addresses apart."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE cameras (
        row {number} NOT NULL, id {code} NOT NULL, center {code} NOT NULL, name TEXT NOT NULL, code {code} NOT NULL,
        kind {code} NOT NULL, tags TEXT NOT NULL, place TEXT NOT NULL, lat {number}, lon {number},
        layers {code} NOT NULL, onvif BOOLEAN NOT NULL, sound BOOLEAN NOT NULL, important BOOLEAN NOT NULL,
        shown BOOLEAN NOT NULL, batch {code} NOT NULL, made_at {code} NOT NULL, state {code} NOT NULL,
        facts TEXT NOT NULL, checked_at {code} NOT NULL, PRIMARY KEY (row))""",
    "CREATE UNIQUE INDEX cameras_id ON cameras (id)",
    "CREATE INDEX cameras_center ON cameras (center, shown, state, batch, row)",
    "CREATE INDEX cameras_code ON cameras (code)",
    "CREATE INDEX cameras_batch ON cameras (batch, row)",
    "CREATE INDEX cameras_checked ON cameras (checked_at, row)",
    "{cameras_index}",
    "{cameras_index_grams}",
    "CREATE TABLE camera_tags (tag {code} NOT NULL, row {number} NOT NULL, PRIMARY KEY (tag, row))",
    "CREATE INDEX camera_tags_row ON camera_tags (row)",
    """CREATE TABLE camera_shares (
        center {code} NOT NULL, camera {code} NOT NULL, PRIMARY KEY (center, camera))""",
    "CREATE INDEX camera_shares_camera ON camera_shares (camera)",
    """CREATE TABLE camera_secrets (
        camera {code} NOT NULL, mark {code} NOT NULL, sealed {code} NOT NULL, PRIMARY KEY (camera))""",
    "CREATE INDEX camera_secrets_mark ON camera_secrets (mark)",
    """CREATE TABLE camera_batches (
        id {code} NOT NULL, center {code} NOT NULL, account {code} NOT NULL, name TEXT NOT NULL, at {code} NOT NULL,
        state {code} NOT NULL, cameras {number} NOT NULL, centers {number} NOT NULL, left_out {number} NOT NULL,
        digest {code} NOT NULL, PRIMARY KEY (id))""",
)
