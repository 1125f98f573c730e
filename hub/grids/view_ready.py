"""Views that are ready to be used, and what answers are called: by the forms that are ready, and those of sweeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from hub.grids.sweep_form import FormField
from hub.grids.sweep_ready import READY as FORMS
from hub.grids.views import ViewAsks


class ReadyView(NamedTuple):
    """A view with its names."""

    zh: str
    en: str
    asks: ViewAsks


class Answers(NamedTuple):
    """What the answers to a field are called."""

    label: str
    kind: str
    words: Mapping[str, str]
    """Of a choice: answer -> what people read."""
    unit: str
    each_person: bool


def _asks(**asked: Any) -> ViewAsks:
    return ViewAsks.model_validate(asked)


#: By key, in the order in which they are offered.
READY: Final[Mapping[str, ReadyView]] = {
    "alone": ReadyView(
        "独居老人",
        "Old people who live alone",
        _asks(
            source="persons",
            columns=[
                "village",
                "grid",
                "building",
                "house",
                "name",
                "age",
                "phone",
                "last_at",
                "answer.need",
            ],
            filters={"kinds": ["single"], "age_from": 60},
            sums="village",
        ),
    ),
    "unseen": ReadyView(
        "近三日未走访",
        "Not visited for three days",
        _asks(
            columns=["village", "grid", "building", "house", "head", "persons", "last_at", "last_outcome"],
            filters={"not_visited_days": 3},
            order="longest",
            sums="village",
        ),
    ),
    "ill": ReadyView(
        "发热症状",
        "Fever and symptoms",
        _asks(
            source="persons",
            columns=[
                "village",
                "grid",
                "building",
                "house",
                "name",
                "age",
                "answer.symptom",
                "answer.temperature",
                "answered.symptom",
                "phone",
            ],
            filters={"answers": [{"key": "symptom", "values": ["fever", "cough", "other"]}], "fresh_days": 7},
            sums="answer.symptom",
        ),
    ),
    "from_away": ReadyView(
        "外地来源",
        "Come from elsewhere",
        _asks(
            columns=[
                "village",
                "grid",
                "building",
                "house",
                "head",
                "persons",
                "answer.origin",
                "answer.from_where",
                "answered.origin",
            ],
            filters={"answers": [{"key": "origin", "values": ["outside", "abroad"]}], "fresh_days": 14},
            sums="answer.origin",
        ),
    ),
    "need": ReadyView(
        "需要帮助",
        "Need help",
        _asks(
            columns=[
                "village",
                "grid",
                "building",
                "house",
                "head",
                "phone",
                "persons",
                "answer.need",
                "answered.need",
            ],
            filters={
                "answers": [{"key": "need", "values": ["medicine", "food", "care", "repair", "other"]}],
                "fresh_days": 14,
            },
            sums="answer.need",
        ),
    ),
    "floating": ReadyView(
        "流动人口",
        "Floating population",
        _asks(
            source="persons",
            columns=["village", "grid", "building", "house", "name", "sex", "age", "phone", "residence"],
            filters={"residence": ["floating"]},
            sums="village",
        ),
    ),
    "visits": ReadyView(
        "近七日走访",
        "Visits of seven days",
        _asks(
            source="visits",
            columns=[
                "at",
                "village",
                "grid",
                "building",
                "house",
                "head",
                "outcome",
                "seen",
                "flags",
                "sweep",
            ],
            filters={"visited_days": 7},
            order="newest",
            sums="outcome",
        ),
    ),
}


def answers_of(forms: Iterable[Iterable[FormField]]) -> dict[str, Answers]:
    """Field -> what its answers are called: of the ready forms, and of these; a later one adds words, and takes none away."""
    found: dict[str, Answers] = {}
    for form in (*(ready.form for ready in FORMS.values()), *forms):
        for field in form:
            if field.kind == "photo":
                continue
            words = {option.value: option.label for option in field.options}
            was = found.get(field.key)
            if was is None:
                found[field.key] = Answers(field.label, field.kind, words, field.unit, field.each_person)
            elif was.kind == field.kind:
                found[field.key] = was._replace(words={**words, **was.words})
    return found
