"""The rules of orders, reports, decisions and notes. Pure: no I/O, no clock."""
