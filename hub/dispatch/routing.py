"""Who asked whom: the row of centers through which an incident came to the one that is responsible.

The first took it in, and stays. Each later one passed it down, so it lies above the responsible center and below the one
before it (but for the first, which may lie anywhere). The last of them checks what is reported done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.directory.tree import CenterTree

#: A center: `{center, name}`.
Named = Mapping[str, str]


def passed_on(
    askers: Sequence[Named], responsible: Named, by: Named, to: str, tree: CenterTree
) -> tuple[Named, ...]:
    """Who asked, once `by` (the responsible center, or one above it) has passed it on to the center `to`.

    Passed back to one of them, it is as before he asked. Passed down or beside, `by` asked it of the new one, instead of
    whoever stands between. Passed up, those below the new one ask nothing of it.
    """
    codes = [asker["center"] for asker in askers]
    if to in codes:
        return tuple(askers[: max(1, codes.index(to))])
    if tree.contains(to, responsible["center"]):
        return (askers[0], *(asker for asker in askers[1:] if tree.contains(asker["center"], to)))
    if by["center"] in codes:
        return tuple(askers[: codes.index(by["center"]) + 1])
    return (askers[0], *(one for one in askers[1:] if tree.contains(one["center"], by["center"])), by)


def vouched(askers: Sequence[Named], by: str) -> tuple[tuple[Named, ...], Named]:
    """Who is still to check, once somebody of the center `by` has, and for which center he did.

    One of those who asked checks for himself, and for all who stand below him; anybody else for the last.
    """
    codes = [asker["center"] for asker in askers]
    at = codes.index(by) if by in codes else len(codes) - 1
    return tuple(askers[:at]), askers[at]
