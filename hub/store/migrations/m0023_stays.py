"""Version 23: each time that somebody was in a meeting, from joining to leaving, for how long people were there."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE stays (
        meeting {code} NOT NULL, account {code} NOT NULL, seq {number} NOT NULL, center {code} NOT NULL,
        joined_at {code} NOT NULL, left_at {code}, PRIMARY KEY (meeting, account, seq))""",
    "CREATE INDEX stays_center ON stays (center, meeting)",
    # Whether an account's id stands in an entry is asked by taking it out: LIKE's sign means something else to a driver.
    """INSERT INTO stays (meeting, account, seq, center, joined_at, left_at)
        SELECT j.meeting, p.account, j.seq, p.center, j.at,
            (SELECT min(l.at) FROM entries l WHERE l.meeting = j.meeting AND l.seq > j.seq AND (
                l.kind = 'meeting.ended'
                OR (l.kind IN ('meeting.left', 'participant.removed')
                    AND replace(l.data, '"participant":"' || p.account || '"', '') <> l.data)
                OR (l.kind = 'meeting.joined'
                    AND replace(l.data, '"id":"' || p.account || '"', '') <> l.data)))
        FROM entries j JOIN participants p
            ON p.meeting = j.meeting AND replace(j.data, '"id":"' || p.account || '"', '') <> j.data
        WHERE j.kind = 'meeting.joined'""",
)
