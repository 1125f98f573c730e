"""Answers about cameras. Where one is reached stands in `CameraAddresses` alone, for who manages it, without its password."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.cameras.catalog import Camera, CameraKind, Facts, Preset
from hub.shapes import Wire

#: What a column of a list of cameras can be (`hub.cameras.list_columns.ROLES`).
CameraColumnRole = TypeAliasType(
    "CameraColumnRole",
    Literal[
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
    ],
)


class CameraHere(Camera):
    """A camera as the reader sees it."""

    center_name: str
    """Empty where its center is no more."""
    path: list[str]
    """Names of the centers above, the top first, its own last."""
    can: list[str]
    """What the reader may do about it: `watch`, `move`, `keep`, `manage`."""


class CameraPage(Wire):
    """Cameras, by center."""

    cameras: list[CameraHere]
    next: str | None
    """Where the next page begins; null at the end."""
    seq: int


class CameraCount(Wire):
    """How many cameras in use there are at a center and all below it, by state."""

    center: str
    name: str
    cameras: int
    ok: int
    away: int
    """Without a picture, for whatever reason."""
    unknown: int
    """Not looked at yet."""
    own: int
    """How many of them are the center's own."""
    below: bool
    """Whether the center has centers below it."""


class CameraCounts(Wire):
    """The centers below one, with their cameras; the first is the center itself."""

    centers: list[CameraCount]
    shared: int
    """Cameras of other centers that are shared with one's own."""
    at: str


class CameraTag(Wire):
    """A tag, and how many cameras have it."""

    tag: str
    cameras: int


class CameraTags(Wire):
    """The tags in use, the most used first."""

    tags: list[CameraTag]


class PresetHere(Preset):
    """A direction that the camera remembers, and at how many stops of patrols it is turned there."""

    stops: int
    """Of the routes that the reader may see."""


class CameraPresets(Wire):
    """The directions that a camera remembers."""

    presets: list[PresetHere]


class DeviceFound(Wire):
    """A device that answered on the network."""

    address: str
    onvif: str
    """Where it is asked more: its device service."""
    name: str
    hardware: str
    known: bool
    """Whether the directory has it."""
    camera: str | None
    """As which camera, if the reader manages that."""
    here: int
    """How many cameras of the directory that are not asked by ONVIF are at its address, and may be of it."""


class CameraDevices(Wire):
    """The devices that answered a call into the networks of cameras."""

    devices: list[DeviceFound]


class CameraProfile(Wire):
    """A stream that a device offers; 0 and empty words: it does not say."""

    token: str
    name: str
    url: str
    codec: str
    width: int
    height: int
    turns: bool
    """Whether it can be turned."""
    source: str
    """What it shows: the same for the streams of one lens, another for each camera of a recorder."""
    sound: bool
    """Whether it has sound."""
    known: str | None
    """The camera of the directory that has this as its main stream."""


class DeviceMaker(Wire):
    """What a device says of itself; empty: it does not say."""

    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""


class CameraProfiles(Wire):
    """The streams of a device, the largest first."""

    onvif: str | None
    """Where it was asked."""
    device: DeviceMaker
    profiles: list[CameraProfile]


class DevicePicture(Wire):
    """A picture of a stream, as the device gives it."""

    jpeg: str
    """In base64."""


class CameraNetwork(Wire):
    """A network in which cameras may be."""

    network: str
    """CIDR."""
    addresses: int
    asked: bool
    """Whether its addresses can be asked one by one."""


class CameraNetworks(Wire):
    """Where cameras may be, as the operator set it."""

    networks: list[CameraNetwork]


class CameraAddresses(Wire):
    """Where a camera is reached: what stands for a password in an address is covered."""

    main: str
    sub: str | None
    onvif: str | None
    user: str
    password: bool
    """Whether there is one; nobody is told it."""


class CameraColumn(Wire):
    """A column of a file with cameras; what may be a password is covered in its samples."""

    name: str
    guess: CameraColumnRole
    samples: list[str]


class CameraWrongRow(Wire):
    """A row that is no camera. What stands in a column of addresses or passwords is not quoted."""

    row: int
    column: str
    why: str
    value: str


class CameraListDraft(Wire):
    """A file with cameras, and how far it has come."""

    draft: str
    encoding: str
    rows: int
    columns: list[CameraColumn]
    wrong: list[CameraWrongRow]
    wrong_rows: int
    state: Literal["looked", "loading", "loaded", "failed"]
    done: int
    of: int
    batch: str | None
    """The import, once it is loaded."""
    why: str | None


class CameraPlace(Wire):
    """A center that a text may mean."""

    center: str
    name: str
    path: list[str]


class CameraUnsure(Wire):
    """A text that means no center, or several."""

    text: str
    rows: int
    first: list[int]
    why: Literal["several", "unknown", "none"]
    centers: list[CameraPlace]


class CameraBrought(Wire):
    """A row of the file as the camera that it would become."""

    row: int
    center: str
    name: str
    code: str
    kind: CameraKind
    place: str
    tags: list[str]
    sub: bool
    onvif: bool
    password: bool
    path: list[str]


class CameraMatch(Wire):
    """What would come of a file; nothing was written."""

    rows: int
    cameras: int
    """Rows that are cameras, those included that the directory has already."""
    centers: int
    known: int
    """Cameras that the directory has already, by number or address: they stay as they are."""
    known_first: list[int]
    left_out: int
    unsure: list[CameraUnsure]
    unsure_texts: int
    unsure_rows: int
    wrong: list[CameraWrongRow]
    wrong_rows: int
    first: list[CameraBrought]


class CameraLoading(Wire):
    """A file is being loaded."""

    draft: str


class CameraImport(Wire):
    """A list of cameras that was brought."""

    batch: str
    center: str
    account: str
    name: str
    """Of who brought it."""
    at: str
    until: str
    """Until when it can be taken back."""
    cameras: int
    centers: int
    left_out: int
    digest: str


class CameraImports(Wire):
    """Lists that can be taken back, the newest first."""

    imports: list[CameraImport]


class CameraImportGone(Wire):
    """An import was taken back."""

    cameras: int


class CameraProbed(Wire):
    """What was found just now."""

    facts: Facts
