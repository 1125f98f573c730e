"""Version 5: what reports and orders carry: objects that their entries name. Before, they carried none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE reports ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE orders ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]'",
)
