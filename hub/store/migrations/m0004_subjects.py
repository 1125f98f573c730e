"""Version 4: what a restart replays, by what it is about; instead of the entries of orders alone."""

from __future__ import annotations

from typing import Final

#: The kinds that change the state, of those that version 3 knew.
_MEETING: Final = """'meeting.opened', 'meeting.joined', 'meeting.left', 'meeting.ended',
    'participant.muted', 'participant.unmuted', 'participant.removed', 'stage.broadcast',
    'recording.started', 'recording.stopped', 'recording.part_opened', 'recording.part_closed'"""

STATEMENTS: Final = (
    """CREATE TABLE subjects (
        subject {code} NOT NULL, seq {number} NOT NULL, open BOOLEAN NOT NULL, stays BOOLEAN NOT NULL,
        PRIMARY KEY (seq))""",
    "CREATE INDEX subjects_subject ON subjects (subject)",
    f"""INSERT INTO subjects (subject, seq, open, stays)
        SELECT e.meeting, e.seq, m.state = 'open', e.kind IN ('meeting.opened', 'meeting.ended')
        FROM entries e JOIN meetings m ON m.id = e.meeting
        WHERE (m.state = 'open' AND e.kind IN ({_MEETING})) OR e.kind IN ('meeting.opened', 'meeting.ended')""",  # noqa: S608
    """INSERT INTO subjects (subject, seq, open, stays)
        SELECT o.order_id, o.seq, TRUE, e.kind = 'order.issued'
        FROM order_entries o JOIN entries e ON e.seq = o.seq
        WHERE EXISTS (SELECT 1 FROM order_targets t WHERE t.order_id = o.order_id AND t.step < 3)""",
    """INSERT INTO subjects (subject, seq, open, stays)
        SELECT o.id, o.seq, FALSE, TRUE FROM orders o
        WHERE NOT EXISTS (SELECT 1 FROM order_targets t WHERE t.order_id = o.id AND t.step < 3)""",
    "DROP TABLE order_entries",
)
