"""Base images and the tools of a build: named exactly, alike wherever they stand, and pinned all together or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_DOCKER = """#!/bin/sh
# The last word is the image; its digest here is made of its name.
for image; do :; done
printf 'sha256:%s' "$(printf '%s' "$image" | sha256sum | cut -c1-64)"
"""


def images(root: Path) -> list[str]:
    """Every foreign image of Dockerfile and compose file, as often as it stands there."""
    found = re.findall(r"^FROM +(\S+)", (root / "Dockerfile").read_text(), re.MULTILINE)
    found += re.findall(r"^ *image: *(\S+)", (root / "docker-compose.yml").read_text(), re.MULTILINE)
    return [image for image in found if not image.startswith("lianxian:")]


def test_every_image_has_a_tag_that_says_what_it_is_and_all_are_pinned_or_none() -> None:
    found = images(ROOT)
    assert len(found) >= 6
    for image in found:
        name, _, tag = _DIGEST.sub("", image).partition(":")
        assert re.match(r"\d", tag), f"{name} is named by no version"
    assert len({bool(_DIGEST.search(image)) for image in found}) == 1, "some images are pinned, others not"
    tags: dict[str, set[str]] = {}
    for image in found:
        tags.setdefault(_DIGEST.sub("", image).partition(":")[0], set()).add(image)
    assert {name: each for name, each in tags.items() if len(each) > 1} == {}


def test_pinning_reaches_every_image_and_renews_what_is_pinned(tmp_path: Path) -> None:
    for name in ("Dockerfile", "docker-compose.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(_DOCKER)
    docker.chmod(0o755)
    environment = {**os.environ, "PATH": f"{docker.parent}:{os.environ['PATH']}"}
    command = [str(ROOT / "tools/pin-images.sh"), str(tmp_path)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    pinned = images(tmp_path)
    assert len(pinned) == len(images(ROOT))
    assert all(_DIGEST.search(image) for image in pinned)
    before = (tmp_path / "Dockerfile").read_text()
    assert " AS pages\n" in before
    (tmp_path / "Dockerfile").write_text(re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, before))
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    assert (tmp_path / "Dockerfile").read_text() == before
    docker.write_text("#!/bin/sh\necho not found\n")
    failed = subprocess.run(command, env=environment, check=False, capture_output=True, timeout=60)
    assert failed.returncode != 0
    assert (tmp_path / "Dockerfile").read_text() == before


def test_the_image_builds_the_pages_with_a_node_that_is_kept_and_that_the_pages_take() -> None:
    (major,) = re.findall(r"^FROM +node:(\d+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert int(major) == 22
    package = json.loads((ROOT / "clients/web/package.json").read_text())
    assert package["engines"]["node"] == "^20.19 || >=22.13"
    lock = json.loads((ROOT / "clients/web/package-lock.json").read_text())
    assert lock["packages"][""]["engines"] == package["engines"]
    assert "Node.js 22" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("least", [("pip", 26), ("setuptools", 84)])
def test_what_installs_is_pinned_and_installed_first(least: tuple[str, int]) -> None:
    name, major = least
    pins = (ROOT / "requirements/installer.txt").read_text()
    found = re.search(rf"^{name}==(\d+)\.\S+ \\\n +--hash=sha256:", pins, re.MULTILINE)
    assert found is not None
    assert int(found[1]) >= major
    for file, order in (
        ("Dockerfile", ("-r requirements/installer.txt", "-r requirements/runtime.txt")),
        (
            "Makefile",
            (".stamps/installer: requirements/installer.txt", ".stamps/runtime: requirements/runtime.txt"),
        ),
    ):
        text = (ROOT / file).read_text()
        places = [text.index(each) for each in order]
        assert places == sorted(places), file
    assert ".stamps/runtime: requirements/runtime.txt .stamps/installer" in (ROOT / "Makefile").read_text()
