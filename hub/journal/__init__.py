"""The append-only, hash-chained journal: writer, checkpoints, verification."""
