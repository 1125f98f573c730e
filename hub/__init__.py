"""The server: rules, journal, media plane and the command line that starts them."""

#: As in pyproject.toml.
__version__ = "0.1.0"
