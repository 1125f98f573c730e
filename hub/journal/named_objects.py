"""The objects that entries name, checked one by one: whether they are there, and what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hub.entry import Entry
from hub.objects.reference import named_in

#: (what is being checked, how many are done, of how many)
Progress = Callable[[str, int, int], None]
#: Size in bytes and SHA-256, hex, of what stands under a digest now; None when nothing does.
LookAtObject = Callable[[str], tuple[int, str] | None]


class NamedObjects:
    """What entries say of objects: each with the first entry that names it."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[int, object]] = {}
        self.destroyed: set[str] = set()
        """Those that went by decision, and that nothing has named since."""

    def note(self, entry: Entry) -> None:
        """Take up what this entry names."""
        if entry.kind == "disposal.destroyed":
            gone = {
                file["sha256"]
                for item in entry.data["items"]
                if item["kind"] == "minutes"
                for file in item["files"]
                if file["sha256"] in self._named
            }
            self.destroyed |= gone
            for digest in gone:
                del self._named[digest]
        for named in named_in(entry.data):
            self.destroyed.discard(named["object"])
            self._named.setdefault(named["object"], (entry.seq, named.get("bytes")))

    def check(self, look: LookAtObject, progress: Progress) -> Iterator[tuple[int, str]]:
        """For each object the entry that names it, and what is wrong, in words; nothing where all is well."""
        for done, (digest, (seq, size_bytes)) in enumerate(self._named.items(), start=1):
            found = look(digest)
            if found is None:
                yield seq, f"object {digest} is missing"
            elif found[1] != digest:
                yield seq, f"object {digest} was changed: its SHA-256 differs"
            elif found[0] != size_bytes:
                yield seq, f"object {digest} has {found[0]} bytes, not {size_bytes}"
            else:
                yield seq, ""
            progress("objects", done, len(self._named))
