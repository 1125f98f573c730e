"""Every table as it is now. How databases get here from older shapes stands in hub/store/migrations."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData()

#: Ids, codes, times and hashes: compared byte by byte, so that their order is the same everywhere.
Code: Final = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
#: What people wrote, and JSON.
Words: Final = sa.Text()
Number: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _code(name: str, *, key: bool = False, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, Code, primary_key=key, nullable=null)


def _words(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, Words, nullable=null)


def _number(name: str, *, key: bool = False, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, Number, primary_key=key, nullable=null, autoincrement=False)


_OPEN: Final = sa.text("step < 3")
_WAITING: Final = sa.text("acknowledged_at IS NULL AND cleared_at IS NULL")
_APART: Final = sa.text("meeting IS NULL")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


# The journal: the truth. `audience` and `data` are canonical JSON.
entries = sa.Table(
    "entries",
    metadata,
    _number("seq", key=True),
    _code("at"),
    _code("account"),
    _code("center"),
    _code("kind"),
    _code("meeting", null=True),
    _words("audience"),
    _words("data"),
    _code("alg"),
    _code("prev"),
    _code("hash"),
    sa.Index("entries_meeting", "meeting", "seq"),
    sa.Index("entries_apart", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_kind", "kind", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_account", "account", "seq", sqlite_where=_APART, postgresql_where=_APART),
    sa.Index("entries_apart_at", "at", sqlite_where=_APART, postgresql_where=_APART),
)

# The first answer to each command. `digest` is the SHA-256 of the command's body, hex.
commands = sa.Table(
    "commands",
    metadata,
    _code("account", key=True),
    _code("id", key=True),
    _code("digest"),
    _number("seq"),
    _number("first_seq", null=True),
    _code("at"),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    _number("seq", key=True),
    _code("hash"),
    _code("at"),
    _code("key"),
    _code("signature"),
)

# How far derived data has followed the journal; one row, `projections`.
marks = sa.Table("marks", metadata, _code("name", key=True), _number("seq"))

# Projections: made from entries, and nothing else, by hub/store/projections.py.
meetings = sa.Table(
    "meetings",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _words("title"),
    _code("kind"),
    _code("state"),
    _words("chair"),
    _code("chair_center"),
    _words("centers"),
    _code("opened_at"),
    _code("ended_at", null=True),
    _number("ended_seq", null=True),
    _flag("record"),
    _code("broadcast", null=True),
    sa.Index("meetings_seq", "seq"),
    sa.Index("meetings_state", "state", "seq"),
    sa.Index("meetings_chair_center", "chair_center", "seq"),
)

# The centers called to a meeting.
meeting_centers = sa.Table(
    "meeting_centers",
    metadata,
    _code("meeting", key=True),
    _code("center", key=True),
    sa.Index("meeting_centers_center", "center", "meeting"),
)

participants = sa.Table(
    "participants",
    metadata,
    _code("meeting", key=True),
    _code("account", key=True),
    _number("seq"),
    _words("name"),
    _code("role"),
    _code("center"),
    _words("center_name"),
    _code("level"),
    _code("state"),
    _flag("muted"),
    _code("joined_at", null=True),
    _code("left_at", null=True),
    _words("present"),
    _words("duty"),
    sa.Index("participants_account", "account", "meeting"),
)

orders = sa.Table(
    "orders",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting", null=True),
    _words("text"),
    _code("priority"),
    _code("due", null=True),
    _words("issuer"),
    _code("issuer_center"),
    _code("issued_at"),
    _flag("shared"),
    _words("attachments"),
    _words("about", null=True),
    sa.Index("orders_seq", "seq"),
    sa.Index("orders_meeting", "meeting", "seq"),
    sa.Index("orders_issuer_center", "issuer_center", "seq"),
)

# `step`: 0 issued, 1 signed, 2 in progress, 3 completed.
order_targets = sa.Table(
    "order_targets",
    metadata,
    _code("order_id", key=True),
    _code("center", key=True),
    _number("place"),
    _words("name"),
    _number("step"),
    _code("signed_at", null=True),
    _words("signed_by", null=True),
    _code("completed_at", null=True),
    _number("percent", null=True),
    sa.Index("order_targets_center", "center", "order_id"),
    sa.Index("order_targets_open", "order_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

order_progress = sa.Table(
    "order_progress",
    metadata,
    _number("seq", key=True),
    _code("order_id"),
    _code("center"),
    _code("at"),
    _words("text"),
    _number("percent", null=True),
    _words("by"),
    sa.Index("order_progress_order", "order_id", "seq"),
)

# The entries that a restart replays, by what they are about (hub/ruling.py, Subject). Of a subject that is closed
# only those that stay are here.
subjects = sa.Table(
    "subjects",
    metadata,
    _code("subject"),
    _number("seq", key=True),
    _flag("open"),
    _flag("stays"),
    sa.Index("subjects_subject", "subject"),
)

reports = sa.Table(
    "reports",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting", null=True),
    _code("situation"),
    _words("text"),
    _code("center"),
    _words("name"),
    _code("at"),
    _code("account"),
    _flag("shared"),
    _words("attachments"),
    sa.Index("reports_seq", "seq"),
    sa.Index("reports_meeting", "meeting", "seq"),
    sa.Index("reports_center", "center", "seq"),
)

# `words` and who (`…_by`) are JSON. One that is neither acknowledged nor cleared is open.
alarms = sa.Table(
    "alarms",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting", null=True),
    _code("kind"),
    _code("severity"),
    _code("center"),
    _words("name"),
    _words("owner"),
    _code("report", null=True),
    _code("order_id", null=True),
    _words("text"),
    _words("words"),
    _code("raised_at"),
    _code("escalates_at", null=True),
    _words("escalated", null=True),
    _code("delivered_at", null=True),
    _words("delivered_by", null=True),
    _code("acknowledged_at", null=True),
    _words("acknowledged_by", null=True),
    _words("ordered", null=True),
    _code("cleared_at", null=True),
    _code("cleared_why", null=True),
    sa.Index("alarms_seq", "seq"),
    sa.Index("alarms_center", "center", "seq"),
    sa.Index("alarms_report", "report"),
    sa.Index("alarms_waiting", "seq", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting", null=True),
    _words("text"),
    _words("by"),
    _code("center"),
    _code("at"),
    _flag("shared"),
    sa.Index("decisions_seq", "seq"),
    sa.Index("decisions_meeting", "meeting", "seq"),
)

notes = sa.Table(
    "notes",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting", null=True),
    _words("text"),
    _words("by"),
    _code("center"),
    _code("at"),
    _flag("shared"),
    sa.Index("notes_meeting", "meeting", "seq"),
)

recordings = sa.Table(
    "recordings",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("meeting"),
    _code("started_at"),
    _code("stopped_at", null=True),
    sa.Index("recordings_meeting", "meeting", "seq"),
)

# `started_by` and `centers` are JSON; `told` is what a center answered.
checks = sa.Table(
    "checks",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("center"),
    _words("started_by"),
    _words("centers"),
    _code("started_at"),
    _code("until"),
    _number("spread_ms"),
    _code("ended_at", null=True),
    _code("reason", null=True),
    sa.Index("checks_seq", "seq"),
)

check_rows = sa.Table(
    "check_rows",
    metadata,
    _code("check_id", key=True),
    _code("center", key=True),
    _number("seq"),
    _code("at"),
    _words("told"),
)

parts = sa.Table(
    "parts",
    metadata,
    _code("recording", key=True),
    _code("id", key=True),
    _number("seq"),
    _code("participant"),
    _code("center"),
    _words("name"),
    _words("file"),
    _words("tracks"),
    _code("started_at"),
    _number("duration_ms", null=True),
    _number("bytes", null=True),
    _code("sha256", null=True),
)

bookings = sa.Table(
    "bookings",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _words("title"),
    _code("kind"),
    _words("made_by"),
    _code("center"),
    _words("chair"),
    _code("chair_center"),
    _code("starts_at"),
    _number("minutes"),
    _flag("record"),
    _number("notice_minutes"),
    _flag("by_itself"),
    _words("note"),
    _code("template", null=True),
    _code("state"),
    # Whether those called have heard of it.
    _flag("announced"),
    _number("sequence"),
    _number("called"),
    _words("names"),
    _words("centers"),
    _words("line"),
    _code("meeting", null=True),
    _words("reason"),
    _words("decided_by", null=True),
    _code("decided_at", null=True),
    _code("made_at"),
    _code("changed_at"),
    sa.Index("bookings_start", "starts_at", "id"),
    sa.Index("bookings_center", "center", "starts_at"),
    sa.Index("bookings_chair_center", "chair_center", "starts_at"),
)

# The centers that a booking calls.
booking_centers = sa.Table(
    "booking_centers",
    metadata,
    _code("booking", key=True),
    _code("center", key=True),
    sa.Index("booking_centers_center", "center", "booking"),
)

templates = sa.Table(
    "templates",
    metadata,
    _code("id", key=True),
    _number("seq"),
    _code("scope"),
    _code("account"),
    _code("center"),
    _words("title"),
    _code("kind"),
    _words("centers"),
    _words("names"),
    _words("groups"),
    _flag("record"),
    _number("minutes"),
    _number("notice_minutes"),
    _words("note"),
    _words("made_by"),
    _code("saved_at"),
    sa.Index("templates_account", "account", "seq"),
    sa.Index("templates_center", "center", "seq"),
)

# The searchable words of a meeting; `audience` as in the entry, to show hits only to those who may read it.
texts = sa.Table(
    "texts",
    metadata,
    _number("seq", key=True),
    _code("meeting", null=True),
    _code("kind"),
    _code("at"),
    _words("text"),
    _words("audience"),
    sa.Index("texts_meeting", "meeting", "seq"),
)

# Which entries name an object; who may read one of them may read the object.
object_names = sa.Table("object_names", metadata, _code("object", key=True), _number("seq", key=True))

# The directory, as entries tell of it.
centers = sa.Table(
    "centers",
    metadata,
    _code("code", key=True),
    _words("name"),
    _code("level"),
    _code("parent", null=True),
    _number("place"),
    _flag("functional"),
)

accounts = sa.Table(
    "accounts",
    metadata,
    _code("id", key=True),
    sa.Column("username", Code, nullable=False, unique=True),
    _words("name"),
    _code("role"),
    _code("center"),
    _flag("disabled"),
)

#: The tables that a rebuild empties and fills again from entries.
PROJECTIONS: Final = (
    meetings,
    meeting_centers,
    participants,
    orders,
    order_targets,
    order_progress,
    subjects,
    reports,
    alarms,
    decisions,
    notes,
    recordings,
    parts,
    bookings,
    booking_centers,
    templates,
    texts,
    accounts,
    centers,
    object_names,
)

# What opens an account, and its newest sign-in (null before the first). No projection: none of it stands in the journal.
credentials = sa.Table(
    "credentials",
    metadata,
    _code("account", key=True),
    _words("password_hash"),
    _code("signed_in_at", null=True),
    _code("signed_in_from", null=True),
    # When this password was set, and whether another one is to be chosen at the next sign-in.
    _code("set_at", null=True),
    sa.Column("once", sa.Boolean, nullable=True),
    # Until when a password that the hub gave can be used. (An empty hash opens nothing.)
    _code("one_time_until", null=True),
)

# What makes an account's codes, sealed with a key that is not in the database (signaling/second_factor.py). `step` is the last
# one used (a code opens once), `pending` one that its owner has not confirmed yet.
second_factors = sa.Table(
    "second_factors",
    metadata,
    _code("account", key=True),
    _words("sealed", null=True),
    _code("enrolled_at", null=True),
    _number("step"),
    _words("pending", null=True),
)

# Codes for bad days that were not used yet, as SHA-256, hex, of account and code.
recovery_codes = sa.Table("recovery_codes", metadata, _code("account", key=True), _code("hash", key=True))

# Hashes of the passwords an account had, the present one among them.
old_passwords = sa.Table(
    "old_passwords", metadata, _code("account", key=True), _code("at", key=True), _words("password_hash")
)

# What stood in the directory before the journal told of it, until it does (hub/house/adoption.py).
unadopted_accounts = sa.Table(
    "unadopted_accounts",
    metadata,
    _code("account", key=True),
    _code("username"),
    _words("name"),
    _code("role"),
    _code("center"),
    _flag("disabled"),
)
unadopted_centers = sa.Table(
    "unadopted_centers",
    metadata,
    _code("code", key=True),
    _words("name"),
    _code("level"),
    _code("parent", null=True),
    _number("place"),
)

# Sessions. `hash` is the SHA-256 of the token, hex; the token itself is nowhere.
tokens = sa.Table(
    "tokens",
    metadata,
    _code("hash", key=True),
    _code("account"),
    _code("created_at"),
    _code("expires_at"),
    # The account's sign-in before the one that made this session.
    _code("before_at", null=True),
    _code("before_from", null=True),
    # When a person last did something in it; where it was begun, and in what (null: unknown).
    _code("seen_at", null=True),
    _code("address", null=True),
    _words("agent", null=True),
    # What has to be done in it before anything else: `second_factor`, `password`.
    _code("needs", null=True),
    sa.Index("tokens_account", "account"),
)

# Objects: `id` is the SHA-256, hex. None is swept before `kept_until`, nor while an entry names it.
objects = sa.Table(
    "objects",
    metadata,
    _code("id", key=True),
    _number("bytes"),
    _code("type"),
    _code("created_at"),
    _code("kept_until"),
    sa.Index("objects_kept_until", "kept_until"),
)

# Who uploaded an object.
object_owners = sa.Table("object_owners", metadata, _code("object", key=True), _code("account", key=True))

# Uploads that were begun; `object` is what one became, null before. Their bytes stand in files.
uploads = sa.Table(
    "uploads",
    metadata,
    _code("id", key=True),
    _code("account"),
    _number("bytes"),
    _code("type"),
    _code("created_at"),
    _code("object", null=True),
    sa.Index("uploads_account", "account", "created_at"),
)

schema_version = sa.Table("schema_version", metadata, _number("version", key=True), _code("at"))
