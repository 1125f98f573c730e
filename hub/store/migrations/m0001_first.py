"""Version 1: the journal, its projections, the directory."""

from __future__ import annotations

from typing import Final

#: In `{code}` and `{number}` the two databases differ; see hub/store/migrations/__init__.py.
STATEMENTS: Final = (
    """CREATE TABLE accounts (
        id {code} NOT NULL, username {code} NOT NULL UNIQUE, name TEXT NOT NULL,
        role {code} NOT NULL, center {code} NOT NULL, disabled BOOLEAN NOT NULL,
        password_hash TEXT NOT NULL, created_at {code} NOT NULL, PRIMARY KEY (id))""",
    """CREATE TABLE centers (
        code {code} NOT NULL, name TEXT NOT NULL, level {code} NOT NULL, parent {code},
        initials {code} NOT NULL, place {number} NOT NULL, PRIMARY KEY (code))""",
    """CREATE TABLE checkpoints (
        seq {number} NOT NULL, hash {code} NOT NULL, at {code} NOT NULL, key {code} NOT NULL,
        signature {code} NOT NULL, PRIMARY KEY (seq))""",
    """CREATE TABLE commands (
        account {code} NOT NULL, id {code} NOT NULL, digest {code} NOT NULL,
        seq {number} NOT NULL, first_seq {number}, at {code} NOT NULL, PRIMARY KEY (account, id))""",
    """CREATE TABLE decisions (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code}, text TEXT NOT NULL,
        by TEXT NOT NULL, center {code} NOT NULL, at {code} NOT NULL, shared BOOLEAN NOT NULL,
        PRIMARY KEY (id))""",
    "CREATE INDEX decisions_meeting ON decisions (meeting, seq)",
    "CREATE INDEX decisions_seq ON decisions (seq)",
    """CREATE TABLE entries (
        seq {number} NOT NULL, at {code} NOT NULL, account {code} NOT NULL,
        center {code} NOT NULL, kind {code} NOT NULL, meeting {code}, audience TEXT NOT NULL,
        data TEXT NOT NULL, alg {code} NOT NULL, prev {code} NOT NULL, hash {code} NOT NULL,
        PRIMARY KEY (seq))""",
    "CREATE INDEX entries_meeting ON entries (meeting, seq)",
    """CREATE TABLE marks (
        name {code} NOT NULL, seq {number} NOT NULL, PRIMARY KEY (name))""",
    """CREATE TABLE meeting_centers (
        meeting {code} NOT NULL, center {code} NOT NULL, PRIMARY KEY (meeting, center))""",
    "CREATE INDEX meeting_centers_center ON meeting_centers (center, meeting)",
    """CREATE TABLE meetings (
        id {code} NOT NULL, seq {number} NOT NULL, title TEXT NOT NULL, kind {code} NOT NULL,
        state {code} NOT NULL, chair TEXT NOT NULL, chair_center {code} NOT NULL,
        centers TEXT NOT NULL, opened_at {code} NOT NULL, ended_at {code}, ended_seq {number},
        record BOOLEAN NOT NULL, broadcast {code}, PRIMARY KEY (id))""",
    "CREATE INDEX meetings_chair_center ON meetings (chair_center, seq)",
    "CREATE INDEX meetings_seq ON meetings (seq)",
    "CREATE INDEX meetings_state ON meetings (state, seq)",
    """CREATE TABLE notes (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code}, text TEXT NOT NULL,
        by TEXT NOT NULL, center {code} NOT NULL, at {code} NOT NULL, shared BOOLEAN NOT NULL,
        PRIMARY KEY (id))""",
    "CREATE INDEX notes_meeting ON notes (meeting, seq)",
    """CREATE TABLE order_entries (
        order_id {code} NOT NULL, seq {number} NOT NULL, PRIMARY KEY (order_id, seq))""",
    """CREATE TABLE order_progress (
        seq {number} NOT NULL, order_id {code} NOT NULL, center {code} NOT NULL,
        at {code} NOT NULL, text TEXT NOT NULL, percent {number}, by TEXT NOT NULL,
        PRIMARY KEY (seq))""",
    "CREATE INDEX order_progress_order ON order_progress (order_id, seq)",
    """CREATE TABLE order_targets (
        order_id {code} NOT NULL, center {code} NOT NULL, place {number} NOT NULL,
        name TEXT NOT NULL, step {number} NOT NULL, signed_at {code}, signed_by TEXT,
        completed_at {code}, percent {number}, PRIMARY KEY (order_id, center))""",
    "CREATE INDEX order_targets_center ON order_targets (center, order_id)",
    "CREATE INDEX order_targets_open ON order_targets (order_id) WHERE step < 3",
    """CREATE TABLE orders (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code}, text TEXT NOT NULL,
        priority {code} NOT NULL, due {code}, issuer TEXT NOT NULL, issuer_center {code} NOT NULL,
        issued_at {code} NOT NULL, shared BOOLEAN NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX orders_issuer_center ON orders (issuer_center, seq)",
    "CREATE INDEX orders_meeting ON orders (meeting, seq)",
    "CREATE INDEX orders_seq ON orders (seq)",
    """CREATE TABLE participants (
        meeting {code} NOT NULL, account {code} NOT NULL, seq {number} NOT NULL,
        name TEXT NOT NULL, role {code} NOT NULL, center {code} NOT NULL,
        center_name TEXT NOT NULL, level {code} NOT NULL, state {code} NOT NULL,
        muted BOOLEAN NOT NULL, joined_at {code}, left_at {code}, PRIMARY KEY (meeting, account))""",
    "CREATE INDEX participants_account ON participants (account, meeting)",
    """CREATE TABLE parts (
        recording {code} NOT NULL, id {code} NOT NULL, seq {number} NOT NULL,
        participant {code} NOT NULL, center {code} NOT NULL, name TEXT NOT NULL,
        file TEXT NOT NULL, tracks TEXT NOT NULL, started_at {code} NOT NULL,
        duration_ms {number}, bytes {number}, sha256 {code}, PRIMARY KEY (recording, id))""",
    """CREATE TABLE recordings (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code} NOT NULL,
        started_at {code} NOT NULL, stopped_at {code}, PRIMARY KEY (id))""",
    "CREATE INDEX recordings_meeting ON recordings (meeting, seq)",
    """CREATE TABLE reports (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code}, situation {code} NOT NULL,
        text TEXT NOT NULL, center {code} NOT NULL, name TEXT NOT NULL, at {code} NOT NULL,
        account {code} NOT NULL, shared BOOLEAN NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX reports_center ON reports (center, seq)",
    "CREATE INDEX reports_meeting ON reports (meeting, seq)",
    "CREATE INDEX reports_seq ON reports (seq)",
    """CREATE TABLE texts (
        seq {number} NOT NULL, meeting {code}, kind {code} NOT NULL, at {code} NOT NULL,
        text TEXT NOT NULL, audience TEXT NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX texts_meeting ON texts (meeting, seq)",
    """CREATE TABLE tokens (
        hash {code} NOT NULL, account {code} NOT NULL, created_at {code} NOT NULL,
        expires_at {code} NOT NULL, PRIMARY KEY (hash))""",
    "CREATE INDEX tokens_account ON tokens (account)",
)
