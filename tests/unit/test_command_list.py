"""Each command is a module of hub.cli; those that are started again in a hurry load nothing that they do not need."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import hub.cli
from hub.__main__ import COMMANDS

_LOADED = """
import importlib, sys
from hub.__main__ import parser
parser(sys.argv[1])
importlib.import_module(sys.argv[2])
print(*sys.modules)
"""


def test_every_command_is_listed() -> None:
    modules = [each.name for each in pkgutil.iter_modules(hub.cli.__path__)]
    commands = {name for name in modules if hasattr(importlib.import_module(f"hub.cli.{name}"), "add")}
    assert commands == set(COMMANDS)


@pytest.mark.parametrize(
    ("command", "process"), [("recorder", "recordings.process"), ("node", "hub.media.node.process")]
)
def test_a_child_that_is_started_again_loads_neither_rules_nor_database(command: str, process: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _LOADED, command, process],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = set(ran.stdout.split())
    assert process in loaded
    assert not loaded & {"hub.rules", "hub.store", "hub.house", "sqlalchemy", "pypinyin", "socketio"}
