"""Cameras as values: addresses as people write them, networks, sealing, the columns of lists, and who may see one."""

from __future__ import annotations

import itertools

import pytest

from hub.cameras.addresses import NoAddress, read_address, same_address
from hub.cameras.catalog import Secret
from hub.cameras.list_columns import guesses, kind_of, vendor_streams, yes_or_no
from hub.cameras.networks import within
from hub.cameras.rights import may_about
from hub.cameras.sealing import CameraKey
from hub.cameras.words import camera_grams
from hub.config import load
from hub.directory.accounts import ROLES
from hub.directory.grams import asked
from hub.directory.permissions import may
from hub.errors import Refusal
from tests.support.cameras import a_camera
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, account


@pytest.mark.parametrize(
    ("written", "url", "user", "password"),
    [
        ("rtsp://10.0.0.7/1", "rtsp://10.0.0.7/1", "", ""),
        ("RTSP://admin:pw@10.0.0.7:554/a?b=c", "rtsp://10.0.0.7:554/a?b=c", "admin", "pw"),
        ("rtsp://admin:p@ss@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", "p@ss"),
        ("rtsp://admin:p/ss@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", "p/ss"),
        ("rtsp://admin:p%40ss@10.0.0.7/1", "rtsp://10.0.0.7/1", "admin", "p@ss"),
        ("rtsp://admin@camera.lan/1", "rtsp://camera.lan/1", "admin", ""),
        ("rtsp://[fd00::7]:8554/1", "rtsp://[fd00::7]:8554/1", "", ""),
        (
            "rtsp://10.0.0.7/user=admin&password=&channel=1",
            "rtsp://10.0.0.7/user=admin&password=&channel=1",
            "",
            "",
        ),
        ("rtsp://10.0.0.7/live@hd", "rtsp://10.0.0.7/live@hd", "", ""),
    ],
)
def test_who_stands_in_an_address_is_taken_out_of_it(
    written: str, url: str, user: str, password: str
) -> None:
    found = read_address(written)
    assert (found.url, found.user, found.password) == (url, user, password)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("10.0.0.7", "scheme"),
        ("http://10.0.0.7/", "scheme"),
        ("rtsp://", "host"),
        ("rtsp:///path", "host"),
        ("rtsp://10.0.0.7:0/", "port"),
        ("rtsp://10.0.0.7:99999/", "port"),
        ("rtsp://10.0.0.7/a b", "characters"),
        ("rtsp://10.0.0.7/\n", "scheme"),
        ("rtsp://10.0.0.7/" + "a" * 1000, "long"),
        ("rtsp://u:" + "p" * 200 + "@10.0.0.7/", "long"),
    ],
)
def test_what_is_no_address_says_why_and_never_what_stands_there(written: str, why: str) -> None:
    if written.endswith("\n"):
        assert read_address(written).url == written.strip()
        return
    with pytest.raises(NoAddress) as caught:
        read_address(written)
    assert str(caught.value) == why


def test_one_address_is_the_same_in_whatever_form() -> None:
    assert same_address("rtsp://Camera.LAN:554/1") == same_address("rtsp://camera.lan/1")
    assert same_address("rtsp://camera.lan/1") != same_address("rtsp://camera.lan/2")


def test_cameras_are_dialled_in_the_networks_that_were_named_alone() -> None:
    networks = load({"HUB_CAMERA_NETWORKS": "10.43.0.0/16, fd00::/8"}).camera_networks
    assert within("10.43.255.1", networks) is True
    assert within("::ffff:10.43.0.1", networks) is True
    assert within("[fd00::1]", networks) is True
    assert within("10.44.0.1", networks) is False
    assert within("camera.lan", networks) is None, "a name is resolved where it is dialled"
    assert within("127.0.0.1", load({}).camera_networks) is False


def test_what_was_sealed_opens_for_its_camera_with_its_key_alone() -> None:
    secret = Secret("rtsp://10.0.0.7/1", "rtsp://10.0.0.7/2", None, "admin", "五谷-pw")
    key = CameraKey(b"a key of tests")
    sealed = key.seal("ca_1", secret)
    assert key.open("ca_1", sealed) == secret
    for other, camera in ((CameraKey(b"another"), "ca_1"), (key, "ca_2")):
        with pytest.raises(Refusal) as caught:
            other.open(camera, sealed)
        assert caught.value.code == "unavailable"
    assert "五谷-pw" not in repr(secret)
    assert "10.0.0.7" not in repr(secret)
    assert (
        key.mark(secret.main) == key.mark("rtsp://10.0.0.7:554/1") != CameraKey(b"another").mark(secret.main)
    )


def test_columns_are_known_by_what_people_call_them() -> None:
    assert guesses(
        ["区划编码", "监控点名称", "设备编码", "IP地址", "端口号", "通道号", "厂商", "用户名", "密码"]
    ) == [
        "center",
        "name",
        "code",
        "ip",
        "port",
        "channel",
        "vendor",
        "user",
        "password",
    ]
    assert guesses(
        ["县", "乡镇", "村", "点位名称", "主码流", "子码流地址", "安装位置", "类型", "备注", "名称二"]
    ) == [
        "center",
        "center",
        "center",
        "name",
        "main",
        "sub",
        "place",
        "kind",
        "out",
        "out",
    ]
    assert [kind_of(word) for word in ("", "球机", "半球", "枪型摄像机", "布控球", "火星机")] == [
        "fixed",
        "ptz",
        "dome",
        "fixed",
        "mobile",
        None,
    ]
    assert [yes_or_no(word) for word in ("是", "", "重点", "也许")] == [True, False, True, None]
    streams = vendor_streams("海康威视", "10.0.0.7", "", "2")
    assert streams == (
        "rtsp://10.0.0.7:554/Streaming/Channels/201",
        "rtsp://10.0.0.7:554/Streaming/Channels/202",
    )
    assert vendor_streams("不知名", "10.0.0.7", "", "") is None


@pytest.mark.parametrize(
    "words", ["村口", "tanducun", "tdc", "ck", "学校", "4306", "桥东", "changling", "cl"]
)
def test_a_camera_is_found_by_what_is_typed(words: str) -> None:
    found = camera_grams("坦渡村村口长岭", "430682-7", ["学校"], "桥东")
    for run in asked(words):
        assert any(found[at : at + len(run)] == run for at in range(len(found)))


def test_who_may_do_what_about_a_camera_follows_its_center_and_sharing() -> None:
    for role, place, shared, shown in itertools.product(
        ROLES,
        (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY),
        ([], [OTHER_VILLAGE]),
        (True, False),
    ):
        who = account(role, place)
        camera = a_camera(shared=shared, shown=shown)
        watches = may(who, "camera.watch", TREE, VILLAGE)
        by_sharing = any(may(who, "camera.watch", TREE, center) for center in shared)
        assert may_about(who, "camera.watch", TREE, camera) == (shown and (watches or by_sharing))
        assert may_about(who, "camera.move", TREE, camera) == (
            shown and may(who, "camera.move", TREE, VILLAGE)
        )
        assert may_about(who, "camera.manage", TREE, camera) == may(who, "camera.manage", TREE, VILLAGE)
