"""One database: SQLite in a file or PostgreSQL, one writer thread, a few readers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from hub.errors import Refusal
from hub.store import sqlite
from hub.store.migrations import migrate

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Threads (and connections) that read at the same time.
READERS: Final = 4
#: How long a statement waits for another process's lock on an SQLite file.
BUSY_TIMEOUT_MS: Final = 10_000
GONE_AFTER_MS: Final = 10_000
#: How long connecting to PostgreSQL may take before it counts as away.
CONNECT_TIMEOUT_S: Final = 3


class Database:
    """A database with its threads. Everything that writes in this process does so in one thread, in turn.

    That thread is shared by the journal and the accounts, so that no two connections of one process ever wait for
    each other's SQLite lock. Readers see the last committed state (WAL, MVCC) and never wait for writers.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.engine.url.database) if self.is_sqlite and self.engine.url.database else None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection for reading one consistent state, in the calling thread."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in a write transaction, in the calling thread; commits at the end, rolls back on error."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` with a reading connection in a reader thread. Raises Refusal `unavailable` when it is away."""

        def run() -> T:
            with _reachable(), self.reading() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a write transaction in the writer thread. Raises Refusal `unavailable` when it is away."""

        def run() -> T:
            with _reachable(), self.writing() as connection:
                return work(connection)

        return await self.in_writer(run)

    async def in_writer(self, work: Callable[[], T]) -> T:
        """Run `work` in the writer thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def close(self) -> None:
        """Wait for what is running, then close every connection."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """As `close`, for programs without an event loop."""
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


@contextmanager
def _reachable() -> Iterator[None]:
    """A database that cannot be reached is nobody's fault who asks: say so, and that it may come back."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        log.warning("the database is away: %s", error)
        raise Refusal("unavailable", "the database is away; try again in a moment") from error


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://…`` and bring its schema up to date.

    Raises ValueError for another kind of URL, and SQLAlchemy's errors when the database cannot be reached.
    """
    database = Database(url)
    if (path := database.path) is not None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # It holds password hashes; SQLite gives its side files the same mode.
        path.touch(mode=0o600)
    try:
        with database.writing() as connection:
            migrate(connection)
    except BaseException:
        database.close_now()
        raise
    return database


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("the database must be a file: sqlite:///path/to/hub.db")
        engine = sa.create_engine(
            parsed,
            module=sqlite.driver(),
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=READERS + 2,
            max_overflow=2,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        )
        sa.event.listen(engine, "connect", prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    if backend in ("postgresql", "postgres"):
        asked = parsed.query.get("options", "")
        own = asked if isinstance(asked, str) else " ".join(asked)
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_size=READERS + 2,
            max_overflow=2,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                # A server that silently went away is noticed while something is sent to it.
                "tcp_user_timeout": GONE_AFTER_MS,
                "application_name": "lianxian",
                # Conditions of rights look costly to the planner and are not: compiling them takes ten times as long as
                # they do. What the operator's URL says stands behind it and holds.
                "options": f"-c jit=off {own}".strip(),
            },
        )
    raise ValueError(f"unknown kind of database: {backend}")


def prepare_sqlite(connection: Any, _record: object = None) -> None:
    """Set up a raw SQLite connection: durable at each commit, readers beside the writer."""
    # The driver's own transaction handling would begin late and only before writes; we say BEGIN ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=OFF",
        # What is deleted is overwritten where its page is written anyway: the key of a list is gone with its row.
        "secure_delete=FAST",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
