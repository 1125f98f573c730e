"""Packets in a row: kept, numbered anew, stamped, put into a batch."""
