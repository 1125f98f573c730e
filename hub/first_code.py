"""The set-up code of a hub without accounts: in a file of the data folder (mode 600), until the hub was set up."""

from __future__ import annotations

import os
import secrets
from typing import Final

from hub.config import Config, ConfigError

FILE: Final = "set-up-code"
#: Letters and digits that nobody confuses: 12 of them are 59 bits, and guesses are slowed.
_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def first_code(config: Config) -> str:
    """The code, made when there is none yet. Raises ConfigError when the file cannot be read or made."""
    path = config.data_dir / FILE
    fresh = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            kept = path.read_text().strip()
            if kept:
                return kept
            descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh + "\n")
    except OSError as problem:
        raise ConfigError(f"{path} cannot be used ({problem.strerror})") from None
    return fresh


def forget_first_code(config: Config) -> None:
    """The hub is set up: nobody needs the code any more. Unknown is no error."""
    (config.data_dir / FILE).unlink(missing_ok=True)
