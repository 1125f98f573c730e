"""Forms that are ready to be used: what is asked at doors most often, in words of which only the labels are for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.grids.sweep_form import FormField, FormOption, OnlyWhen


class ReadyForm(NamedTuple):
    """A form with its names."""

    zh: str
    en: str
    form: tuple[FormField, ...]


_NO: Final = FormOption(value="no", label="无")

TEMPERATURE: Final = FormField(
    key="temperature", label="体温", kind="number", unit="℃", above=373, each_person=True, fresh_for=0
)
SYMPTOM: Final = FormField(
    key="symptom",
    label="身体情况",
    kind="choice",
    each_person=True,
    required=True,
    options=[
        FormOption(value="well", label="正常"),
        FormOption(value="fever", label="发热", flag="symptom"),
        FormOption(value="cough", label="咳嗽", flag="symptom"),
        FormOption(value="other", label="其他不适", flag="symptom"),
    ],
)
ILL: Final = FormField(
    key="temperature",
    label="体温",
    kind="number",
    unit="℃",
    above=373,
    each_person=True,
    only_when=OnlyWhen(key="symptom", values=["fever", "cough", "other"]),
)
ORIGIN: Final = FormField(
    key="origin",
    label="近 14 天到过外地",
    kind="choice",
    fresh_for=7,
    required=True,
    options=[
        FormOption(value="no", label="没有"),
        FormOption(value="province", label="省内"),
        FormOption(value="outside", label="省外", flag="origin"),
        FormOption(value="abroad", label="境外", flag="origin"),
    ],
)
FROM_WHERE: Final = FormField(
    key="from_where",
    label="从哪里来",
    kind="text",
    fresh_for=7,
    only_when=OnlyWhen(key="origin", values=["outside", "abroad"]),
)
NEED: Final = FormField(
    key="need",
    label="需要帮助",
    kind="choice",
    fresh_for=3,
    options=[
        _NO,
        FormOption(value="medicine", label="买药就医", flag="need"),
        FormOption(value="food", label="买菜送餐", flag="need"),
        FormOption(value="care", label="照护", flag="need"),
        FormOption(value="repair", label="房屋水电", flag="need"),
        FormOption(value="other", label="其他", flag="need"),
    ],
)
ALONE: Final = FormField(
    key="alone",
    label="独居或行动不便",
    kind="choice",
    fresh_for=180,
    options=[
        _NO,
        FormOption(value="alone", label="独居"),
        FormOption(value="weak", label="行动不便", flag="need"),
    ],
)
HOUSE: Final = FormField(
    key="house_safe",
    label="房屋安全",
    kind="choice",
    fresh_for=90,
    options=[
        FormOption(value="safe", label="完好"),
        FormOption(value="leaks", label="渗漏"),
        FormOption(value="cracks", label="开裂", flag="need"),
    ],
)
PICTURE: Final = FormField(key="picture", label="现场照片", kind="photo")

READY: Final[Mapping[str, ReadyForm]] = {
    "fever": ReadyForm("发热与来源地", "Fever and origin", (SYMPTOM, ILL, ORIGIN, FROM_WHERE, NEED)),
    "temperature": ReadyForm("每日体温", "Temperature of the day", (TEMPERATURE,)),
    "care": ReadyForm("关爱走访", "Looking after people", (ALONE, NEED)),
    "flood": ReadyForm("汛期转移摸底", "Before a flood", (ALONE, HOUSE, NEED, PICTURE)),
}
