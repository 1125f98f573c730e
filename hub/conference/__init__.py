"""The rules of a meeting, one file a control. Pure: no I/O, no clock."""
