"""Statistics: what was held, reported, handled and ordered in a span of days."""

from __future__ import annotations

from hub.shapes import Wire


class StatisticsFigures(Wire):
    """What centers did in the period. Drills are counted nowhere."""

    meetings: int
    """会议次数: dispatch meetings that they convened."""
    consultations: int
    """会商次数: consultations that they convened."""
    called: int
    """How often they were called to a meeting."""
    attended: int
    """At how many of those calls somebody of them came."""
    minutes: int
    """到会时长: how long their people were there, in sum."""
    spoken: int
    """For how long somebody was heard, or had the word where nobody has listened; whole minutes."""
    reports: int
    """收集信息: reports filed."""
    abnormal: int
    """Of those, such that found something."""
    incidents: int
    """处置信息: incidents taken in, for which they are responsible."""
    incidents_closed: int
    appeals: int
    """诉求: appeals taken in, for which they are responsible."""
    appeals_closed: int
    overdue: int
    """Incidents and appeals that were not handled in time."""
    rows: int
    """比对: rows of lists of people that they check."""
    cleared: int
    """Of those, such that have an outcome."""
    orders: int
    """指令: orders issued to them, one for each center."""
    on_time: int
    """Of those, such that were completed in time."""
    late: int
    """Of those, such that were completed late, or are late."""
    asked: int
    """例行任务: how often they were asked to report by a moment."""
    answered: int
    """Of those, answered in time."""
    answered_late: int
    patrols: int
    """线上巡逻: rounds that were to be walked and are over."""
    patrolled: int
    """Of those, walked to their end."""
    patrols_missed: int
    """Of those, walked by nobody or not to their end."""
    stops: int
    """How many stops they have, in sum."""
    stops_seen: int
    """Of those, such whose picture was seen."""
    findings: int
    """Of those, such at which something was found."""


class StatisticsRates(Wire):
    """Parts in percent, one digit after the point; null where there is nothing to be part of."""

    attendance: float | None
    """Of calls, those to which somebody came."""
    closed: float | None
    """Of incidents and appeals, those that are closed."""
    cleared: float | None
    """Of rows, those with an outcome."""
    on_time: float | None
    """指令按时率: of orders that are completed or late, those completed in time."""
    answered: float | None
    """Of routine reports asked for, those that came in time."""
    patrolled: float | None
    """巡查完成率: of rounds of patrols, those that were walked to their end."""
    seen: float | None
    """点位到巡率: of their stops, those whose picture was seen."""


class StatisticsPart(Wire):
    """Figures and the rates made of them."""

    figures: StatisticsFigures
    rates: StatisticsRates


class StatisticsRow(StatisticsPart):
    """A center, with all below it."""

    center: str
    name: str
    own: bool
    """Whether it is the center asked about by itself, without those below it."""
    below: bool
    """Whether it has centers below it, about which one may ask in turn."""


class StatisticsSeries(Wire):
    """How much there was in each column of the chart."""

    columns: list[str]
    """Days (`2026-11-29`), or months (`2026-11`) where there are more than 92 of them."""
    meetings: list[int]
    consultations: list[int]
    reports: list[int]
    incidents: list[int]
    appeals: list[int]
