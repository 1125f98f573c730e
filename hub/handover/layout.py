"""What stands where in a hand-over, and its lists and words: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: The folders, in the order of the list of contents.
RECORDINGS: Final = "01-录像"
FILM: Final = "02-影片"
MINUTES: Final = "03-纪要"
RECORD: Final = "04-会议记录"
EVIDENCE: Final = "05-取证包"
LIST: Final = "目录"
README: Final = "说明.txt"
SUMS: Final = "sha256sums.txt"

HEADER: Final = ("序号", "类别", "题名", "责任者", "形成时间", "文件", "大小（字节）", "SHA-256")
#: What entries are called that are not control: those have their word with their rule.
_CALLED: Final = {
    "meeting.opened": "会议召开",
    "meeting.ended": "会议结束",
    "meeting.joined": "到会",
    "meeting.left": "离开",
    "report.filed": "情况报告",
    "order.issued": "下达指令",
    "order.signed": "签收",
    "order.progressed": "反馈",
    "order.completed": "办结",
    "order.accepted": "验收",
    "order.returned": "退回",
    "decision.recorded": "决策",
    "decision.confirmed": "确认决策",
    "note.added": "备注",
    "mark.added": "标记",
    "recording.started": "开始录像",
    "recording.stopped": "停止录像",
    "recording.part_opened": "录像文件开始",
    "recording.part_closed": "录像文件完成",
    "minutes.submitted": "提交纪要",
    "minutes.approved": "批准纪要",
    "alarm.raised": "告警",
    "alarm.cleared": "告警解除",
    "job.asked": "交办制作",
    "job.done": "制作完成",
}


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of a hand-over."""

    folder: str
    title: str
    by: str
    """Who is responsible for it: a center, a person."""
    at: str
    """When it came to be, as the city writes it."""
    path: str
    bytes: int
    sha256: str


def called(kind: str, control: str | None) -> str:
    """What an entry of this kind is called in the record; `control`: as its rule calls it."""
    return control or _CALLED.get(kind, kind)


def rows_of(filed: Sequence[Filed]) -> list[list[str]]:
    """The list of contents (目录), a row a file."""
    return [
        [
            str(number),
            each.folder.partition("-")[2],
            each.title,
            each.by,
            each.at,
            each.path,
            str(each.bytes),
            each.sha256,
        ]
        for number, each in enumerate(filed, 1)
    ]


def sums_of(filed: Iterable[Filed]) -> str:
    """As ``sha256sum -c`` takes it."""
    return "".join(f"{each.sha256}  {each.path}\n" for each in filed)


def file_name(text: str, most: int = 60) -> str:
    """A text as part of a file's name on any system."""
    fit = "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in text)
    return fit.strip(" .")[:most] or "_"


def readme(title: str, meeting: str, opened: str, made: str, by: str, left_out: Sequence[str]) -> str:
    """The words of 说明.txt."""
    missing = "".join(f"- {each}\n" for each in left_out) or "- 无\n"
    return f"""移交说明
========

会议：{title}
编号：{meeting}
召开：{opened}
制作：{made}
交办：{by}

一、内容
{RECORDINGS}：各路原始录像（WebM/MKV，未转码），与台账登记的摘要一致。
{FILM}：合成影片（MP4）及字幕、章节，如已制作。
{MINUTES}：已批准的各版纪要（DOCX、PDF）。
{RECORD}：会议记录逐条列表（XLSX、CSV），时间为本市时间。
{EVIDENCE}：取证包与核对程序，可证明记录未被改动，任何人可自行核对。
{LIST}.xlsx / {LIST}.csv：全部文件的目录，含大小和 SHA-256 摘要。

二、怎样核对
在解压后的文件夹里运行（Linux/macOS）：sha256sum -c {SUMS}
Windows：certutil -hashfile 文件名 SHA256，与目录对照。
取证包：python3 -I {EVIDENCE}/verify_bundle.py {EVIDENCE}/evidence.zip

三、没有包括的
{missing}
交办人无权阅读的记录只留摘要，不含内容。
"""
