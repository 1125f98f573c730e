"""The compiled loops under test: built from the present sources, and run by themselves under sanitizers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.media import native

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "tools" / "build-native.sh"
FOLDER = native.LIBRARY.parent
_FLAGS = (
    *("-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{FOLDER}"),
)

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")


@contextmanager
def present_library() -> Iterator[None]:
    """Where there is a compiler, the library is that of the present sources; nobody has switched it off."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv(native.SWITCH, raising=False)
        if shutil.which("cc") is not None and native.load(native.LIBRARY).library is None:
            subprocess.run([BUILD], check=True)
        native.native.cache_clear()
        yield
    native.native.cache_clear()


def run_sanitized(folder: Path, check: str, *sources: str) -> str:
    """Build tests/support/`check` with these files of hub/media/native under the address and undefined-behaviour
    sanitizers, in `folder`, and run it; what it printed. Fails the test if it does."""
    program = folder / "check"
    files = [str(ROOT / "tests" / "support" / check), *(str(FOLDER / source) for source in sources)]
    built = subprocess.run(["cc", *_FLAGS, "-o", str(program), *files], capture_output=True, text=True)
    if (built.returncode and "sanitize" in built.stderr) or "asan" in built.stderr:
        pytest.skip("the compiler here has no sanitizers")
    assert built.returncode == 0, built.stderr
    ran = subprocess.run([str(program)], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, (ran.returncode, ran.stdout, ran.stderr)
    return ran.stdout
