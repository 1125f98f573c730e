"""Backups: made beside a running hub, read through, and put back onto an empty machine."""
