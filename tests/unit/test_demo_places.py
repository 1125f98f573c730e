"""The demo's cameras stand at centers of the demo's tree, and answer where its directory says."""

from __future__ import annotations

from pathlib import Path

from clients.camera import demo as served
from hub import demo, demo_cameras
from hub.demo_places import OTHER_VILLAGE, OTHER_VILLAGE_NAME, PLACES, TOWNSHIP, UNLISTED, port_of
from hub.directory.centers_csv import yueyang_centers


def test_cameras_and_accounts_of_the_demo_stand_at_its_centers() -> None:
    names = {each.code: each.name for each in yueyang_centers()}
    assert OTHER_VILLAGE not in names, "the demo would bring a center twice"
    names[OTHER_VILLAGE] = OTHER_VILLAGE_NAME
    for place in (*PLACES, UNLISTED):
        assert names[place.center].startswith(place.name.split()[0]), place
    assert {account.center for account in demo.ACCOUNTS} <= names.keys()
    assert any((each.role, each.center) == ("dispatcher", TOWNSHIP) for each in demo.ACCOUNTS)
    assert demo_cameras.STOPS.keys() <= {place.path for place in PLACES}


def test_what_can_be_turned_can_be_and_one_more_can_be_found() -> None:
    cameras = {camera.name: camera for camera in served.cameras()}
    assert list(cameras) == [place.path for place in (*PLACES, UNLISTED)]
    assert {name for name, camera in cameras.items() if camera.turntable} == {"cam2", "cam4", "cam6", "cam7"}


def test_ports_stay_with_their_folder(tmp_path: Path) -> None:
    streams, devices = port_of(tmp_path), port_of(tmp_path, "onvif")
    assert streams != devices
    assert (streams, devices) == (port_of(tmp_path), port_of(tmp_path, "onvif"))
