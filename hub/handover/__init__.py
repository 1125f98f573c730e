"""Handing a meeting over to the archive office (移交): one ZIP with all of it, its list of contents and what proves it."""
