"""Version 27: orders are found by what they follow from; what meetings decided stays known; who closed a list, and why."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE orders ADD COLUMN about_id {code}",
    # An id is its prefix, an underscore and 18 characters; `about` is canonical JSON: {"id":"…","what":"…"}.
    "UPDATE orders SET about_id = substr(about, 8, 20) WHERE about IS NOT NULL",
    "CREATE INDEX orders_about ON orders (about_id)",
    """UPDATE subjects SET stays = TRUE WHERE seq IN
        (SELECT seq FROM entries WHERE kind IN ('decision.recorded', 'decision.confirmed'))""",
    """INSERT INTO subjects (subject, seq, open, stays)
        SELECT e.meeting, e.seq, FALSE, TRUE FROM entries e JOIN meetings m ON m.id = e.meeting
        WHERE e.kind IN ('decision.recorded', 'decision.confirmed') AND m.state <> 'open'
        AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.seq = e.seq)""",
    "ALTER TABLE clearings ADD COLUMN deleted_reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE clearings ADD COLUMN deleted_by TEXT",
)
