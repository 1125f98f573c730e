"""Lists of cameras as people have them: what a column is by its name, and what the words in its cells mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from hub.cameras.catalog import CameraKind

#: What a column can be. Several may say the center, and several hold tags; of the others there is one at most.
ROLES: Final = (
    "center",
    "name",
    "code",
    "kind",
    "tags",
    "place",
    "lat",
    "lon",
    "main",
    "sub",
    "onvif",
    "ip",
    "port",
    "channel",
    "vendor",
    "user",
    "password",
    "important",
    "out",
)
OFTEN: Final = frozenset({"center", "tags", "out"})
#: What stands in these is never shown again.
SECRET: Final = frozenset({"password"})
#: What stands in these may hold a password, and is shown without it.
ADDRESSES: Final = frozenset({"main", "sub", "onvif"})

#: The first that fits, by words in the column's name.
_GUESSES: Final[tuple[tuple[str, Sequence[str]], ...]] = (
    ("center", ("区划", "行政", "所属", "归属", "村编", "中心编")),
    ("password", ("密码", "口令", "password", "pwd")),
    ("user", ("用户名", "账号", "帐号", "登录名", "username", "user", "login")),
    ("onvif", ("onvif",)),
    ("sub", ("子码流", "辅码流", "副码流", "sub")),
    ("main", ("rtsp", "主码流", "取流", "流地址", "url", "main")),
    ("lon", ("经度", "lon", "lng")),
    ("lat", ("纬度", "lat")),
    ("code", ("国标", "编码", "编号", "code", "number")),
    ("vendor", ("厂商", "厂家", "品牌", "vendor", "brand")),
    ("channel", ("通道", "channel")),
    ("port", ("端口", "port")),
    ("important", ("重点", "重要", "important")),
    ("tags", ("标签", "分类", "类别", "tag")),
    ("kind", ("类型", "kind", "type")),
    ("name", ("名称", "名字", "摄像头", "监控点", "点位", "设备", "name", "camera")),
    ("place", ("位置", "地点", "安装", "住址", "place", "location")),
    ("ip", ("ip", "地址", "address", "host")),
    (
        "center",
        ("中心", "区划", "村", "社区", "乡", "镇", "街道", "县", "区", "市", "所属", "单位", "center"),
    ),
)

_KINDS: Final[Mapping[CameraKind, Sequence[str]]] = {
    "fixed": ("枪机", "枪型", "固定", "筒机", "bullet", "fixed"),
    "ptz": ("球机", "球型", "快球", "云台", "ptz", "speeddome"),
    "dome": ("半球", "dome"),
    "panorama": ("全景", "鱼眼", "panorama", "fisheye"),
    "mobile": ("布控", "移动", "执法", "车载", "mobile"),
    "other": ("其他", "其它", "other"),
}
_YES: Final = frozenset({"是", "yes", "y", "1", "true", "√", "重点", "重要"})
_NO: Final = frozenset({"", "否", "no", "n", "0", "false", "×", "一般", "普通"})

#: Where vendors have their streams: the address of the large one and that of the small one.
_VENDORS: Final[tuple[tuple[Sequence[str], str, str], ...]] = (
    (("海康", "hik"), "/Streaming/Channels/{channel}01", "/Streaming/Channels/{channel}02"),
    (
        ("大华", "dahua"),
        "/cam/realmonitor?channel={channel}&subtype=0",
        "/cam/realmonitor?channel={channel}&subtype=1",
    ),
    (("宇视", "uniview"), "/unicast/c{channel}/s0/live", "/unicast/c{channel}/s1/live"),
)


def folded(text: str) -> str:
    """A word as it is compared."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()


def guesses(names: Sequence[str]) -> list[str]:
    """What the columns of these names are; of what may stand once, the first."""
    found: list[str] = []
    for name in names:
        written = folded(name)
        role = next((role for role, words in _GUESSES if any(word in written for word in words)), "out")
        found.append("out" if role in found and role not in OFTEN else role)
    return found


def kind_of(text: str) -> CameraKind | None:
    """The kind that a cell says; an empty one says the usual. None for a word that is not known."""
    written = folded(text)
    if not written:
        return "fixed"
    # 半球 is no 球机: the longer words stand before those in them.
    order: tuple[CameraKind, ...] = ("dome", "panorama", "mobile", "fixed", "ptz", "other")
    return next((kind for kind in order if any(word in written for word in _KINDS[kind])), None)


def yes_or_no(text: str) -> bool | None:
    """None for a word that is neither."""
    written = folded(text)
    return True if written in _YES else False if written in _NO else None


def vendor_streams(vendor: str, host: str, port: str, channel: str) -> tuple[str, str] | None:
    """The addresses of the two streams of a vendor's camera; None for a vendor that is not known."""
    written = folded(vendor)
    for words, main, sub in _VENDORS:
        if any(word in written for word in words):
            start = f"rtsp://{host}:{port or '554'}"
            return tuple(start + each.format(channel=channel or "1") for each in (main, sub))  # type: ignore[return-value]
    return None
