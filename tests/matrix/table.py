"""The table of what works with what, as a page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.flash_beep import IN_STEP_S, Verdict


@dataclass(frozen=True)
class Cell:
    """What came of one pair: a verdict, or the words of whoever turned away."""

    verdict: Verdict | None = None
    refusal: str = ""
    fault: str = ""

    @property
    def good(self) -> bool:
        """Seen, heard and in step; or turned away in words."""
        return bool(self.refusal) or (self.verdict is not None and not self.verdict.fault and not self.fault)

    def __str__(self) -> str:
        if self.refusal:
            return f"– {self.refusal}"
        if self.fault:
            return f"**fault:** {self.fault}"
        assert self.verdict is not None
        if self.verdict.fault:
            return f"**fault:** {self.verdict.fault}"
        return f"yes ({1000 * (self.verdict.step_s or 0):+.0f} ms)"


@dataclass(frozen=True)
class Row:
    """A publisher with one codec, and its cells by column."""

    publisher: str
    codec: str
    cells: Mapping[str, Cell]
    refusal: str = ""

    @property
    def good(self) -> bool:
        return bool(self.refusal) or all(cell.good for cell in self.cells.values())


def kept(page: str) -> dict[tuple[str, str], str]:
    """The lines of a page written before, by publisher and codec."""
    lines = [line for line in page.splitlines() if line.startswith("| ") and "| codec |" not in line]
    return {(cells[1].strip(), cells[2].strip()): line for line in lines if len(cells := line.split("|")) > 3}


def render(
    order: Sequence[tuple[str, str]],
    rows: Sequence[Row],
    columns: Sequence[str],
    versions: Mapping[str, str],
    before: Mapping[tuple[str, str], str],
) -> str:
    """The whole page, its rows (publisher, codec) in this order; those not among `rows` as they stood `before`."""
    made = {(row.publisher, row.codec): _line(row, columns) for row in rows}
    lines = [
        "# What works with what",
        "",
        "Written by `make matrix`; do not edit. Each publisher sends a picture that flashes and a tone of 1 kHz that beeps",
        "at the same moment, every two or three seconds, by WHIP; each viewer watches by WHEP, and the recorder records. A",
        "cell is judged by what was decoded at the end: flashes seen, beeps heard, and by how much the sound comes later than",
        f"the picture (median of the pairs; more than {1000 * IN_STEP_S:.0f} ms either way counts as out of step). Behind “–”",
        "stand the words with which somebody was turned away.",
        "All run on one machine, on two cores that they share.",
        "",
        "| publisher | codec | " + " | ".join(columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    lines += [made.get(key) or before[key] for key in order if key in made or key in before]
    lines += [
        "",
        "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
        "",
    ]
    return "\n".join(lines)


def _line(row: Row, columns: Sequence[str]) -> str:
    if row.refusal:
        cells = [f"– {_safe(row.refusal)}", *["–"] * (len(columns) - 1)]
    else:
        cells = [_safe(str(row.cells[column])) for column in columns]
    return f"| {row.publisher} | {row.codec} | " + " | ".join(cells) + " |"


def _safe(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
