"""What each control is called in a file that is taken out: kind -> Chinese, English."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

HEADER: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("序号", "时间", "操作人", "操作人所属", "操作", "对象", "内容"),
    "en": ("number", "time", "by", "by center", "control", "to", "words"),
}
#: The hub itself.
SYSTEM_NAME: Final[dict[Language, str]] = {"zh": "系统", "en": "the hub"}

WORDS: Final[dict[str, tuple[str, str]]] = {
    "meeting.opened": ("召集会议", "meeting convened"),
    "meeting.called": ("呼叫", "called"),
    "meeting.ended": ("结束会议", "meeting ended"),
    "meeting.locked": ("锁定会议", "meeting locked"),
    "meeting.unlocked": ("解除锁定", "meeting unlocked"),
    "meeting.paused": ("暂停会议", "meeting paused"),
    "meeting.resumed": ("继续会议", "meeting went on"),
    "meeting.extended": ("延长会议", "meeting extended"),
    "waiting.admitted": ("放行", "let in"),
    "waiting.refused": ("不予放行", "not let in"),
    "chair.requested": ("申请主席", "asked for the chair"),
    "chair.request_withdrawn": ("撤回主席申请", "asked for the chair no more"),
    "chair.refused": ("不同意主席申请", "chair refused"),
    "chair.changed": ("主席变更", "chair changed"),
    "chair.backup_named": ("指定备用主席", "backup chair named"),
    "chair.co_named": ("指定联席主席", "co-chair named"),
    "chair.co_dismissed": ("取消联席主席", "co-chair dismissed"),
    "participant.muted": ("静音", "muted"),
    "participant.unmuted": ("取消静音", "unmuted"),
    "participant.all_muted": ("全体静音", "all muted"),
    "participant.all_unmuted": ("解除全体静音", "all unmuted"),
    "participant.removed": ("移出", "removed"),
    "stage.broadcast": ("广播", "broadcast"),
    "stage.view": ("选看", "selected view"),
    "stage.layout": ("布局", "layout"),
    "stage.locked": ("锁定画面", "stage locked"),
    "stage.unlocked": ("解锁画面", "stage unlocked"),
    "stage.voice_followed": ("声控切换", "voice-activated"),
    "stage.second": ("双流", "second stream"),
    "stage.screen": ("共享屏幕", "screen"),
    "tour.begun": ("开始轮巡", "tour begun"),
    "tour.stepped": ("轮巡切换", "tour stepped"),
    "tour.paused": ("轮巡暂停", "tour paused"),
    "tour.resumed": ("轮巡继续", "tour went on"),
    "tour.changed": ("调整轮巡", "tour changed"),
    "tour.ended": ("轮巡结束", "tour over"),
    "banner.shown": ("显示横幅", "banner shown"),
    "banner.removed": ("撤下横幅", "banner removed"),
    "sound.changed": ("声音规则", "rules of sound"),
    "speaker.closed": ("关闭扬声器", "speakers closed"),
    "speaker.opened": ("打开扬声器", "speakers opened"),
    "listen.begun": ("开始监听", "listening in begun"),
    "listen.ended": ("结束监听", "listening in over"),
    "talk.begun": ("强插", "forced insert"),
    "talk.ended": ("强拆", "forced release"),
    "apart.begun": ("单独通话", "word apart begun"),
    "apart.joined": ("加入单独通话", "joined the word apart"),
    "apart.left": ("退出单独通话", "left the word apart"),
    "apart.ended": ("结束单独通话", "word apart over"),
    "floor.changed": ("发言规则", "rules of the floor"),
    "floor.moved": ("调整发言次序", "moved in the queue"),
    "floor.overran": ("发言超时", "time to speak is over"),
    "floor.granted": ("允许发言", "floor granted"),
    "floor.denied": ("不允许发言", "floor denied"),
    "floor.revoked": ("收回发言", "floor revoked"),
    "roll_call.begun": ("开始点名", "roll call begun"),
    "roll_call.called": ("点到", "called in the roll call"),
    "roll_call.unanswered": ("点名未应答", "no answer to the roll call"),
    "roll_call.skipped": ("点名跳过", "skipped in the roll call"),
    "roll_call.paused": ("点名暂停", "roll call paused"),
    "roll_call.resumed": ("点名继续", "roll call went on"),
    "roll_call.finished": ("点名结束", "roll call over"),
    "recording.started": ("开始录像", "recording started"),
    "recording.stopped": ("停止录像", "recording stopped"),
}
#: What a reason means that is one of a few words: kind of entry -> word -> Chinese, English.
REASONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "chair.changed": {
        "granted": ("同意申请", "asked for it"),
        "handed_over": ("移交", "handed over"),
        "given_back": ("归还", "given back"),
        "taken": ("收回", "taken"),
        "away": ("原主席掉线", "the chair before was away"),
        "left": ("原主席离会", "the chair before left"),
    },
    "floor.revoked": {
        "chair": ("主席收回", "by the chair"),
        "next": ("给了下一位", "given to the next one"),
        "time": ("时间到", "time was up"),
        "removed": ("已移出", "was removed"),
    },
}
#: How many are named before the rest is a number.
NAMED: Final = 8
MORE: Final[dict[Language, str]] = {"zh": "等 {count} 个", "en": "… {count} in all"}


def said(words: tuple[str, str], language: Language) -> str:
    """One of the two."""
    return words[0] if language == "zh" else words[1]
