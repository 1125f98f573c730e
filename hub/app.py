"""The composition root of control: the only file that knows every part."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import shutil
import signal
import sys
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub import collector, demo_cameras, demo_places, turn, turns
from hub import demo as demo_directory
from hub.cameras.sealing import CameraKey
from hub.clock import Clock, ForwardClock
from hub.config import Config, ConfigError, kept_key, link_key
from hub.coordination import Coordination
from hub.copies.copier import PROBE_S, Copier
from hub.copies.hands import ChildHands
from hub.copies.looked import looked
from hub.custody.listing import nothing_far, nothing_proven
from hub.depot.build import build_depot
from hub.depot.sweep import Sweep
from hub.descriptors import descriptor_limit, raise_descriptor_limit
from hub.first_code import FILE as FIRST_CODE_FILE
from hub.first_code import first_code, forget_first_code
from hub.grids.answer_sealing import AnswersKey
from hub.grids.catalog import grids_in
from hub.grids.registry_sealing import RegistryKey
from hub.house.parts import Accounts
from hub.house.policies import policy_of
from hub.jobs.films import FilmsOfAll
from hub.jobs.runner import JobRunner
from hub.jobs.voices import VoicesOfAll
from hub.journal.ports import StoreBroken, StoreBusy, StoreLost
from hub.keeping import Keeping
from hub.link import Link, LinkServer
from hub.owner import OWNER, OwnerDoor
from hub.setting_values import MOST_NODES
from hub.sheets.sealing import HubKey
from hub.space import SpaceWatch
from hub.state import HubState
from hub.store import sqlite
from hub.store.accounts_store import AccountStore
from hub.store.camera_store import CameraStore
from hub.store.clearing_store import ClearingStore
from hub.store.copy_rows import CopyStore
from hub.store.custody_store import CustodyStore
from hub.store.database import Database, open_database
from hub.store.device_store import DeviceStore
from hub.store.job_rows import JobStore
from hub.store.match_store import MatchStore
from hub.store.minutes_store import MinutesStore
from hub.store.object_rows import SqlObjectRows
from hub.store.queries import Queries
from hub.store.registry_made import fill_demo
from hub.store.registry_store import RegistryStore
from hub.store.scan_store import ScanStore
from hub.store.second_factor_store import SecondFactorStore
from hub.store.sweep_store import SweepStore
from hub.store.view_store import ViewStore
from hub.store.voice_store import VoiceStore
from hub.store.work_store import WorkStore
from hub.supervisor import AlreadyRunningError, Family, hold_lock
from hub.upkeep.camera_standing import CameraStanding
from hub.upkeep.camera_sweep import CameraSweep
from hub.upkeep.disposer import Disposer
from hub.upkeep.health import Health, gateways_looked, thresholds_of
from hub.upkeep.registry_sweep import RegistrySweep
from hub.upkeep.scan import Scan
from hub.upkeep.shipped import shipped, shipping_of
from hub.upkeep.upkeep import Upkeep
from signaling.app import build_app
from signaling.challenge import Challenges
from signaling.devices import Devices
from signaling.first_start import FirstStart
from signaling.second_factor import SecondFactors
from signaling.server import EdgeRunner
from signaling.services import Lists, Services
from signaling.sessions import Sessions
from signaling.trace import Trace

#: Who plays what stands in the second copy alone waits so long for it.
PLAYED_S = 15.0

log = logging.getLogger(__name__)


async def serve(config: Config, *, demo: bool, stations: bool) -> int:
    """Run the hub until SIGINT or SIGTERM. Returns the exit code; what keeps it from starting is said plainly."""
    raise_descriptor_limit()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with hold_lock(config.data_dir, "control"):
            return await _serve(config, demo=demo, stations=stations)
    except AlreadyRunningError as problem:
        print(f"hub: {problem}", file=sys.stderr)  # noqa: T201
    except (StoreBusy, StoreBroken, StoreLost) as problem:
        print(f"hub: the journal cannot be used: {problem}", file=sys.stderr)  # noqa: T201
    return 1


async def _serve(config: Config, *, demo: bool, stations: bool) -> int:
    if config.embedded and config.turn == turn.HERE:
        turn.peers_of(config)
        if shutil.which(turn.PROGRAM) is None:
            raise ConfigError(f"HUB_TURN: {turn.PROGRAM} (of coturn) is not on the PATH; install it")
    if without_name := turn.nameless_tls(config):
        log.warning(
            "Firefox does not use %s: by TLS it takes a relay that has a name. Set HUB_TURN_HOST (or HUB_TURN_URLS)"
            " to the name that the relay's certificate is for.",
            ", ".join(without_name),
        )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    family = Family(config.data_dir)
    if config.http_port:
        # They take as long to start as control does, so all start at once.
        _begin_family(family, config, config.http_port)
    try:
        database = await asyncio.to_thread(open_database, config.database_url)
        try:
            return await _serve_with(config, database, family, stopping, demo=demo, stations=stations)
        finally:
            await database.close()
    finally:
        await family.end()


async def _serve_with(
    config: Config, database: Database, family: Family, stopping: asyncio.Event, *, demo: bool, stations: bool
) -> int:
    state = HubState()
    # One time for all of control: what is written, signed, due, valid and recorded agrees. It keeps pace in meetings.
    clock = ForwardClock(keeps_pace=lambda: bool(state.meetings))
    accounts = AccountStore(database, clock, idle=timedelta(days=config.session_days))
    keeping = Keeping(config, database, clock, state)
    await keeping.start()
    writer = keeping.writer
    fresh = (
        demo
        and writer.broken is None
        and await demo_directory.prepare_demo(config.data_dir, accounts, keeping)
    )
    coordination = Coordination(writer, clock)
    queries = Queries(database, clock)
    parts = lambda: {"journal": writer.available, **coordination.parts_ready()}  # noqa: E731
    shipping = shipping_of(config, lambda: keeping.signer.public_key, clock)
    alarm_after = timedelta(minutes=config.checkpoints_alarm_min)
    nodes = lambda: coordination.media_counts().nodes.keys() - {*coordination.gateways()}  # noqa: E731
    depot = build_depot(config, SqlObjectRows(database), clock)
    pace, every = config.scan_mb_s << 20, timedelta(days=config.scan_days)
    scan = Scan(ScanStore(database), config.recordings_dir, depot.blobs, clock, pace, every)
    copier = _copier(config, CopyStore(database), keeping, clock)
    standing: CameraStanding  # made below, before anybody asks
    others = lambda: [  # noqa: E731
        *gateways_looked(config, coordination.gateways()),
        *standing.looked(),
        *shipped(shipping, alarm_after),
        *scan.looked(),
        *looked(copier),
    ]
    health = Health(config, clock, queries.ping, parts, nodes, others)
    upkeep = Upkeep(config, writer, clock)
    door = OwnerDoor(writer, config, upkeep.standing)

    async def on_link(link: Link, hello: dict[str, Any]) -> None:
        await (door if hello.get("kind") == OWNER else coordination).on_link(link, hello)

    links = LinkServer(link_key(config), on_link)
    space = SpaceWatch(
        {"data": config.data_dir, "recordings": config.recordings_dir},
        config.recordings_dir,
        thresholds_of(config),
    )
    job_rows = JobStore(database)
    jobs = JobRunner(
        config,
        job_rows,
        writer,
        clock,
        low_on_space=lambda: space.low,
        parts_open=queries.parts_open,
        here=copier.here if copier is not None else None,
    )

    async def recorded(meeting: str) -> bool:
        found = await queries.recordings(meeting)
        return any(part["state"] != "destroyed" for each in found for part in each["parts"])

    films = FilmsOfAll(writer, clock, recorded) if config.films == "all" else None
    voices = (
        VoicesOfAll(writer, jobs, job_rows, VoiceStore(database), clock, recorded)
        if config.voices == "all"
        else None
    )
    watching = [
        asyncio.create_task(space.run(), name="space"),
        asyncio.create_task(health.run(), name="health"),
        asyncio.create_task(shipping.run(), name="checkpoints sent"),
        asyncio.create_task(scan.run(), name="scan"),
        asyncio.create_task(Sweep(depot, lambda: writer.available).run(), name="sweep"),
    ]
    custody = CustodyStore(database)
    disposer = Disposer(
        writer,
        custody,
        VoiceStore(database),
        depot,
        clock,
        recordings=config.recordings_dir,
        made=config.made_dir,
        proven=copier.rows.among if copier is not None else nothing_proven,
        standing=copier.rows.standing if copier is not None else nothing_far,
    )
    factors_key = kept_key(config, "second-factors.key", "put its copy back").encode()
    lists_key = HubKey(kept_key(config, "lists.key", "put its copy back").encode())
    cameras_key = CameraKey(kept_key(config, "cameras.key", "put its copy back").encode())
    cameras = CameraStore(database, cameras_key, clock, lambda: keeping.tree)
    coordination.cameras.use(cameras)
    standing = CameraStanding(cameras, clock, coordination.cameras.asks.playing)
    watching.append(asyncio.create_task(standing.run(), name="camera standing"))
    registry_key = RegistryKey(kept_key(config, "registry.key", "put its copy back").encode())
    registry = RegistryStore(database, registry_key, clock)
    answers_key = AnswersKey(registry_key.raw)
    swept = SweepStore(database, answers_key, registry.touched)
    if demo:
        grids = sorted(grids_in(writer.state).by_code)
        await database.in_writer(functools.partial(fill_demo, database, registry_key, grids))
    begun = writer.state.parts.read(Accounts).begun or writer.broken is not None
    code = None if begun else first_code(config)
    sweep = CameraSweep(
        cameras,
        coordination.cameras.asks,
        clock,
        config.camera_looks_a_minute,
        timedelta(hours=config.camera_looks_h),
    )
    watching.append(asyncio.create_task(sweep.run(), name="camera sweep"))
    forgetting = RegistrySweep(registry, writer, clock, config.registry_days)
    watching.append(asyncio.create_task(forgetting.run(), name="registry sweep"))
    services = Services(
        config=config,
        clock=clock,
        tree=keeping.tree,
        writer=writer,
        queries=queries,
        accounts=Sessions(
            accounts,
            clock,
            config.session_days,
            devices=Devices(kept_key(config, "devices.key").encode()),
            trace=Trace(writer, clock),
            policy=lambda: policy_of(writer.state),
            factors=SecondFactors(SecondFactorStore(database), factors_key, clock),
            challenges=Challenges(factors_key),
        ),
        first_start=FirstStart(code, writer, accounts.set_password, lambda: forget_first_code(config)),
        media=coordination,
        objects=depot,
        lists=Lists(ClearingStore(database), lists_key, MatchStore(database)),
        minutes=MinutesStore(database, clock),
        cameras=cameras,
        registry=registry,
        sweeps=swept,
        work=WorkStore(database, registry, swept),
        views=ViewStore(database, registry_key, answers_key, swept, ZoneInfo(config.time_zone)),
        phones=DeviceStore(database),
        prober=coordination.cameras.asks,
        camera_standing=standing,
        custody=custody,
        seals=writer,
        turn=turn.turn_of(config),
        demo=demo,
        parts=parts,
        upkeep=upkeep,
        copies=copier,
        jobs=jobs,
        health=health,
        low_on_space=lambda: space.low,
        recording_room=lambda: space.room,
    )
    keeping.tree_changed = functools.partial(setattr, services, "tree")
    runner = EdgeRunner(build_app(services, links.handle))
    try:
        try:
            port = await runner.listen(config.http_host, config.http_port)
        except OSError as problem:
            raise ConfigError(
                f"HUB_HTTP_PORT: cannot listen on {config.http_port}: {problem.strerror}"
            ) from None
        if config.http_port == 0:
            _begin_family(family, config, port)
        names = [_node_name(number) for number in range(1, config.nodes + 1)]
        family.listen(coordination.heard, [*names, "recorder", "gateway"])
        if stations:
            family.add("stations", {**os.environ, "HUB_STATIONS_URL": f"http://127.0.0.1:{port}"})
            # before the process that listens there asks for them
            demo_places.port_of(config.data_dir)
            demo_places.port_of(config.data_dir, "onvif")
            family.add("cameras", dict(os.environ))
            await demo_cameras.list_cameras(services, config.data_dir)
        await upkeep.start()
        await jobs.start()
        if copier is not None:
            await copier.start()
        if films is not None:
            await films.start()
        if voices is not None:
            await voices.start()
        await disposer.start()
        collector.calm()
        turns.short()
        _greet(config, port, fresh, code)
        if database.is_sqlite:
            faulty = sqlite.has_wal_reset_bug(sqlite.version_of(sqlite.driver()))
            level = logging.WARNING if faulty else logging.INFO
            log.log(level, "the database is kept by %s", sqlite.describe())
        log.info("up to %d files and connections at once", descriptor_limit())
        await stopping.wait()
        log.info("stopping")
    finally:
        # First the children: the recorder tells of its last parts.
        await family.end()
        for task in watching:
            task.cancel()
        if films is not None:
            await films.stop()
        if voices is not None:
            await voices.stop()
        await disposer.stop()
        await jobs.stop()
        if copier is not None:
            await copier.stop()
        await upkeep.stop()
        await coordination.stop()
        await links.close()
        await runner.cleanup()
        await depot.close()
        await keeping.stop()
    return 0


def _copier(config: Config, rows: CopyStore, keeping: Keeping, clock: Clock) -> Copier | None:
    """What keeps the second copy, where the settings name one."""
    if not config.copies_s3_url:
        return None
    from hub.copies.far import Far, place_of  # large: loaded by hubs that use it
    from hub.depot.s3_door import S3Door

    door = S3Door(place_of(config), connect_s=PROBE_S, read_s=PLAYED_S, attempts=1)
    return Copier(config, rows, keeping.writer, ChildHands(), Far(door), clock)


def _begin_family(family: Family, config: Config, port: int) -> None:
    """Start the nodes and the recorder, if this hub runs them itself; they dial until control answers."""
    if not config.embedded:
        return
    environment = dict(os.environ)
    if config.http_port != port:
        environment["HUB_LINK_URL"] = f"http://127.0.0.1:{port}/link"
    for number in range(1, MOST_NODES + 1):
        name = _node_name(number)
        if number > config.nodes:
            family.dismiss(name)
            continue
        own = dict(environment)
        if number > 1:
            # The first is configured as a lone one is: by the settings as they stand.
            own["HUB_NODE_ID"] = f"{config.node_id.removesuffix('-1')}-{number}"
            own["HUB_MEDIA_PORT"] = str(config.media_port and config.media_port + number - 1)
        family.add(name, own, ("node", "--lock", name))
    family.add("recorder", environment)
    if config.camera_networks:
        family.add("gateway", environment)
    else:  # there can be no camera
        family.dismiss("gateway")
    if config.turn == turn.HERE:
        family.add("turn", environment)
    else:
        family.dismiss("turn")


def _node_name(number: int) -> str:
    """The name of a node's lock and log: node, node2, node3 …"""
    return "node" if number == 1 else f"node{number}"


def _greet(config: Config, port: int, fresh: bool, code: str | None) -> None:
    """Say where the hub is; print the demo's passwords this once, when they were just made, and the code of a first start."""
    address = config.public_url or f"http://{config.http_host}:{port}"
    lines = [f"Lianxian is at {address}"]
    accounts_file = config.data_dir / demo_directory.ACCOUNTS_FILE
    if fresh:
        lines += ["Demo accounts (name, password, role, center):", demo_directory.table(config.data_dir)]
    if accounts_file.exists():
        lines.append(f"The demo's passwords are kept in {accounts_file}")
    if code is not None:
        lines.append(f"It has no accounts yet: open {address}/setup and give this code, once: {code}")
        lines.append(f"(it stands in {config.data_dir / FIRST_CODE_FILE}, too)")
    print("\n".join(lines), flush=True)  # noqa: T201
