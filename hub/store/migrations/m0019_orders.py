"""Version 19: the whole cycle of an order: delivered, accepted or returned, urged, given more time, passed down, put right."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE orders ADD COLUMN number TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN parent TEXT",
    "ALTER TABLE orders ADD COLUMN parent_id {code}",
    "ALTER TABLE orders ADD COLUMN supervised_at {code}",
    "ALTER TABLE orders ADD COLUMN supervised_by TEXT",
    "ALTER TABLE orders ADD COLUMN escalated TEXT",
    "ALTER TABLE orders ADD COLUMN withdrawn TEXT",
    "ALTER TABLE orders ADD COLUMN ended_at {code}",
    # Until now an order was over when its last target had completed it.
    """UPDATE orders SET ended_at = (SELECT max(t.completed_at) FROM order_targets t WHERE t.order_id = orders.id)
        WHERE NOT EXISTS (SELECT 1 FROM order_targets t WHERE t.order_id = orders.id AND t.step < 3)""",
    "CREATE INDEX orders_parent ON orders (parent_id)",
    "CREATE INDEX orders_open ON orders (due, seq) WHERE ended_at IS NULL",
    """CREATE TABLE order_versions (
        seq {number} NOT NULL, order_id {code} NOT NULL, at {code} NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL,
        text TEXT NOT NULL, priority {code} NOT NULL, due {code}, PRIMARY KEY (seq))""",
    "CREATE INDEX order_versions_order ON order_versions (order_id, seq)",
    "DROP INDEX order_targets_open",
    "UPDATE order_targets SET step = CASE step WHEN 1 THEN 2 WHEN 2 THEN 4 WHEN 3 THEN 5 ELSE step END",
    "ALTER TABLE order_targets ADD COLUMN delivered_at {code}",
    "ALTER TABLE order_targets ADD COLUMN accepted_at {code}",
    "ALTER TABLE order_targets ADD COLUMN due {code}",
    "ALTER TABLE order_targets ADD COLUMN asked_due {code}",
    "ALTER TABLE order_targets ADD COLUMN returns {number} NOT NULL DEFAULT 0",
    "ALTER TABLE order_targets ADD COLUMN urges {number} NOT NULL DEFAULT 0",
    "CREATE INDEX order_targets_open ON order_targets (order_id) WHERE step < 5",
    """CREATE TABLE order_words (
        seq {number} NOT NULL, center {code} NOT NULL, order_id {code} NOT NULL, kind {code} NOT NULL, at {code} NOT NULL,
        text TEXT NOT NULL, percent {number}, due {code}, by TEXT NOT NULL, attachments TEXT NOT NULL,
        PRIMARY KEY (seq, center))""",
    """INSERT INTO order_words (seq, center, order_id, kind, at, text, percent, due, by, attachments)
        SELECT p.seq, p.center, p.order_id,
            CASE e.kind WHEN 'order.completed' THEN 'completed' ELSE 'progress' END, p.at, p.text, p.percent, NULL, p.by, '[]'
        FROM order_progress p JOIN entries e ON e.seq = p.seq""",
    "CREATE INDEX order_words_order ON order_words (order_id, center, seq)",
    "DROP TABLE order_progress",
)
