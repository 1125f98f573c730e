"""A log whose disk hangs keeps nobody waiting; what could not be kept is counted."""

from __future__ import annotations

import io
import logging
import threading

from hub.logs import MOST_WAITING, later


class Hanging(io.StringIO):
    """A disk that takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.goes = threading.Event()

    def write(self, text: str) -> int:
        assert self.goes.wait(30)
        return super().write(text)


def test_a_disk_that_hangs_keeps_nobody_waiting_and_what_was_left_out_is_counted() -> None:
    disk = Hanging()
    handler, listener = later(disk)
    log = logging.Logger("test")
    log.addHandler(handler)
    listener.start()
    try:
        for number in range(MOST_WAITING + 100):
            log.warning("line %d", number)
    finally:
        disk.goes.set()
    listener.stop()
    listener.start()
    log.error("it goes on")
    listener.stop()
    lines = disk.getvalue().splitlines()
    assert lines[0].endswith("WARNING test: line 0")
    assert sum("line" in line and "left out" not in line for line in lines) <= MOST_WAITING + 1
    assert any(
        line.endswith("lines were left out: the log could not be written fast enough") for line in lines
    )
    assert any(line.endswith("it goes on") for line in lines)


def test_what_went_wrong_is_told_with_its_place() -> None:
    disk = io.StringIO()
    handler, listener = later(disk)
    log = logging.Logger("test")
    log.addHandler(handler)
    listener.start()
    try:
        raise ValueError("told")
    except ValueError:
        log.exception("a fault")
    listener.stop()
    assert "ERROR   test: a fault" in disk.getvalue()
    assert "ValueError: told" in disk.getvalue()
