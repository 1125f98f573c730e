"""THIRD-PARTY-NOTICES from the pins: ``python -m tools.third_party`` writes it, ``--check`` says if it is stale.

Names and versions are those of requirements/runtime.txt and installer.txt and of the pages' package-lock.json;
licences and their texts are read from what is installed (nothing is asked of the network). docs/third-party.md says
what follows from it.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from tools.bundled_libraries import INSIDE, SHARED, UNNAMED

ROOT: Final = Path(__file__).resolve().parent.parent
TARGET: Final = ROOT / "THIRD-PARTY-NOTICES"
PINS: Final = ("installer.txt", "runtime.txt")
PAGES: Final = ROOT / "clients" / "web"
#: Pins that never come into a hub on Linux.
_ELSEWHERE: Final = ("sys_platform == 'win32'", "python_full_version < '3.11.3'")
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\\]*)", re.MULTILINE)
_TEXTS: Final = re.compile(r"(licen[cs]e|copying|notice|copyright)[^/]*$", re.IGNORECASE)
_RULE: Final = "=" * 100


class Unknown(Exception):
    """Something is pinned or bundled of which the licence is not known; the message names it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One third-party package as it is passed on. `texts` are its licence files; they may be none."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    #: Shared libraries in its wheel by file name, libraries inside its extensions, Rust crates.
    holds: tuple[str, ...] = ()

    def line(self) -> str:
        """The piece in the list at the head of the file."""
        return f"{self.name} | {self.version} | {self.licence}"


def pins() -> dict[str, str]:
    """Python package -> version, of everything that a hub on Linux has installed."""
    found: dict[str, str] = {}
    for file in PINS:
        for name, version, condition in _PIN.findall((ROOT / "requirements" / file).read_text()):
            if not any(word in condition for word in _ELSEWHERE):
                found[name] = version
    return dict(sorted(found.items()))


def page_pins() -> dict[str, dict[str, Any]]:
    """Folder in node_modules -> its part of the lock, of everything that the pages may be built of."""
    lock = json.loads((PAGES / "package-lock.json").read_text())["packages"]
    return {
        path: at
        for path, at in sorted(lock.items())
        if path and not at.get("dev") and not at.get("devOptional")
    }


def python_pieces() -> Iterator[Piece]:
    """Every pinned Python package. Raises Unknown where one is not installed as pinned or says no licence."""
    for name, version in pins().items():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            raise Unknown(f"{name} {version} is pinned and not installed") from None
        if installed.version != version:
            raise Unknown(f"{name} is pinned to {version}, installed is {installed.version}")
        yield Piece(
            name, version, licence_of(name, installed), tuple(_texts(installed)), tuple(_holds(installed))
        )


def page_pieces() -> Iterator[Piece]:
    """Every package of the pages. Raises Unknown where one is not installed or says no licence."""
    for path, at in page_pins().items():
        folder = PAGES / path
        if not folder.is_dir():
            raise Unknown(f"{path} is locked and not installed in {PAGES.name}")
        files = sorted(file for file in folder.iterdir() if file.is_file() and _TEXTS.search(file.name))
        name, version, licence = page_facts(path, at)
        yield Piece(name, version, licence, tuple(_read(file) for file in files))


def page_facts(path: str, at: dict[str, Any]) -> tuple[str, str, str]:
    """Name, version and licence of one package of the lock. Raises Unknown where it names no licence."""
    name = path.rpartition("node_modules/")[2]
    licence = at.get("license") or UNNAMED.get(name)
    if licence is None:
        raise Unknown(f"{name} names no licence")
    return name, str(at["version"]), str(licence)


def licence_of(name: str, installed: Distribution) -> str:
    """The licence as the package names it: its expression, else its short field, else its classifier."""
    metadata = installed.metadata
    for field in ("License-Expression", "License"):
        said = str(metadata[field]).strip() if field in metadata else ""
        if said and "\n" not in said:
            return said
    if name in UNNAMED:
        return UNNAMED[name]
    classifiers = [word for word in metadata.get_all("Classifier") or [] if word.startswith("License ::")]
    if not classifiers:
        raise Unknown(f"{name} names no licence")
    return str(classifiers[0]).rpartition(" :: ")[2]


def render() -> str:
    """The whole file."""
    python, pages = list(python_pieces()), list(page_pieces())
    held = [
        textwrap.fill(f"{piece.name} holds: {', '.join(piece.holds)}", 110, break_on_hyphens=False)
        for piece in python
        if piece.holds
    ]
    parts = [
        "THIRD-PARTY NOTICES OF LIANXIAN\n\n"
        "What others wrote and a hub is passed on with: in the container image, and (part 2) in the pages that\n"
        "browsers load. Written by `make notices` from the pins; do not edit. docs/third-party.md says what\n"
        "follows from these licences, above all from x264 and x265 in the wheel of PyAV. The texts of the GPL\n"
        "and the LGPL stand in the image under /usr/share/common-licenses.\n",
        _list("1. Python packages", python),
        "\n".join(held) + "\n",
        _list("2. Packages of the pages", pages),
        f"{_RULE}\n3. The base image\n{_RULE}\n\n"
        "Python (PSF-2.0) and the Debian packages of python:3.11-slim-bookworm; the licence of each Debian package\n"
        "stands in the image under /usr/share/doc/*/copyright. Nothing of the images that build the pages and the\n"
        "packet loops is passed on but what they made.\n",
        f"{_RULE}\n4. Texts\n{_RULE}\n",
        *_notices([*python, *pages]),
    ]
    return "\n".join(parts)


def listed(text: str) -> set[str]:
    """The lines `name | version | licence` of a notices file."""
    return {line for line in text.splitlines() if line.count(" | ") == 2}


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` compare it; the exit code."""
    try:
        text = render()
    except Unknown as problem:
        print(f"notices: {problem}", file=sys.stderr)
        return 1
    if arguments == ["--check"]:
        if TARGET.read_text() != text:
            print("THIRD-PARTY-NOTICES is stale: make notices", file=sys.stderr)
            return 1
        return 0
    if arguments:
        print("python -m tools.third_party [--check]", file=sys.stderr)
        return 2
    TARGET.write_text(text)
    return 0


def origin_of(library: str) -> str:
    """`file (project, licence)` of a shared library in a wheel. Raises Unknown."""
    stem = re.split(r"[-.]", library)[0]
    if stem.removesuffix("_") not in SHARED:
        raise Unknown(f"{library} is in a wheel and not in tools/bundled_libraries.py")
    origin = SHARED[stem.removesuffix("_")]
    return f"{library} ({origin.project}, {origin.licence})"


def shared_libraries(name: str) -> list[str]:
    """File names of the shared libraries that the installed wheel of `name` bundles."""
    files = distribution(name).files or []
    return sorted(file.name for file in files if file.parts[0].endswith(".libs"))


def _holds(installed: Distribution) -> Iterator[str]:
    name = installed.metadata["Name"].lower()
    yield from (origin_of(library) for library in shared_libraries(name))
    yield from (f"{origin.project} ({origin.licence})" for origin in INSIDE.get(name, ()))
    crates = set()
    for file in installed.files or []:
        if "sboms" in file.parts and file.suffix == ".json":
            bill = json.loads(Path(str(installed.locate_file(file))).read_text())
            crates |= {_crate(part) for part in bill["components"] if "cargo" in part.get("purl", "")[:9]}
    yield from sorted(crates)


def _crate(part: dict[str, Any]) -> str:
    said = [at.get("expression") or at.get("license", {}).get("id", "?") for at in part.get("licenses") or []]
    return f"crate {part['name']} {part['version']} ({' AND '.join(said) or 'no licence named'})"


def _texts(installed: Distribution) -> Iterator[str]:
    for file in sorted(installed.files or [], key=str):
        if ".dist-info" in str(file) and file.suffix not in {".py", ".pyc"} and _TEXTS.search(file.name):
            yield _read(Path(str(installed.locate_file(file))))


def _read(file: Path) -> str:
    lines = file.read_text(encoding="utf-8", errors="replace").expandtabs().splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def _list(title: str, pieces: Iterable[Piece]) -> str:
    lines = "\n".join(piece.line() for piece in pieces)
    return f"{_RULE}\n{title}: name, version, licence\n{_RULE}\n\n{lines}\n"


def _notices(pieces: Iterable[Piece]) -> Iterator[str]:
    """Each text once, under the names of all that come with it."""
    owners: dict[str, list[str]] = {}
    bare = []
    for piece in pieces:
        for text in dict.fromkeys(piece.texts):
            owners.setdefault(text, []).append(piece.name)
        if not piece.texts:
            bare.append(f"{piece.name} ({piece.licence})")
    if bare:
        yield f"Without a text of their own in the package: {', '.join(bare)}.\n"
    for text, names in owners.items():
        yield f"{'-' * 100}\n{', '.join(names)}\n{'-' * 100}\n\n{text}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
