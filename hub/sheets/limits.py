"""What a spreadsheet may be at most, and why one cannot be read."""

from __future__ import annotations

from typing import Final

#: Largest file that is taken, in bytes: 65,000 rows of a list of people have about 4 MB.
MAX_FILE: Final = 8 << 20
MAX_ROWS: Final = 20_001
#: The same of a list of people to be checked, its head included.
MAX_HIT_FILE: Final = 24 << 20
MAX_HITS: Final = 100_001
#: The same of a list of cameras.
MAX_CAMERA_FILE: Final = 96 << 20
MAX_CAMERAS: Final = 300_001
#: The same of a list for the registry: a township's persons.
MAX_REGISTRY_FILE: Final = 24 << 20
MAX_REGISTRY_ROWS: Final = 50_001
MAX_COLUMNS: Final = 64
#: Longest cell, in characters.
MAX_CELL: Final = 1000
#: What an XLSX file, an archive, may hold: members, bytes together, and times its own size (from so many bytes on).
MAX_MEMBERS: Final = 500
MAX_UNPACKED: Final = 96 << 20
MAX_RATIO: Final = 60
RATIO_FROM: Final = 4 << 20
#: What the child that reads may take.
MEMORY_BYTES: Final = 768 << 20
#: The same where it reads a list of cameras.
CAMERA_MEMORY_BYTES: Final = 2 << 30
CPU_S: Final = 15
WAIT_S: Final = 20.0
ZIP_MARK: Final = b"PK\x03\x04"

#: why -> what is said of it at the command line.
UNREADABLE: Final[dict[str, str]] = {
    "kind": "this is neither a CSV nor an XLSX file",
    "encoding": "the file is neither UTF-8 nor GB18030",
    "csv": "a quotation mark is opened and never closed",
    "empty": "the file is empty",
    "too_large": "the file unpacks to more than a list can be",
    "too_many_rows": "the list has more rows than it may"
    " (20,000; registry: 50,000; people to be checked: 100,000; cameras: 300,000)",
    "too_many_columns": "the list has more than 64 columns",
    "too_slow": "reading the file took too long",
}
