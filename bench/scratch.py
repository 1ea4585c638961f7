"""Scratch databases: made for one run, copied for equal conditions, removed afterwards.

Never the installation's own: names are made here, by Django's machinery for test databases.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    "SECRET_KEY": "bench-only",
    "DEBUG": "0",  # keeps every query in memory
    "DEMO": "0",
    "REDIS_URL": "",  # tasks stay in the scratch database's own queue
    "EMAIL_URL": "",
    "LOG_LEVEL": "CRITICAL",  # the item that fails on purpose would print its trace
}


def environment(var_dir: str, database_url: str) -> dict[str, str]:
    """What the settings must read in the process that measures."""
    values = {**ENVIRONMENT, "VAR_DIR": var_dir, "DATABASE_URL": database_url}
    # A file named beside the variable, in the environment or in .env, would win over it.
    return values | {f"{name}_FILE": "" for name in values}


class Scratch:
    """The one database connection of a measuring process, and the databases made for it."""

    def __init__(self) -> None:
        from django.db import connection

        self.connection = connection
        self._made: list[str] = []
        self._copies = 0
        self._installation = connection.settings_dict["NAME"]

    def __enter__(self) -> "Scratch":
        settings = self.connection.settings_dict
        name = f"bench_{os.getpid()}"
        if self.connection.vendor == "sqlite":
            name = str(os.path.join(os.environ["VAR_DIR"], f"{name}.sqlite3"))
        settings["TEST"]["NAME"] = name
        with redirect_stdout(io.StringIO()):  # it tells of the cache table whatever the verbosity
            self.connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        self._made.append(name)
        return self

    def __exit__(self, *exception: object) -> None:
        for name in reversed(list(self._made)):
            self.drop(name)
        self.use(self._installation)

    @property
    def current(self) -> str:
        return str(self.connection.settings_dict["NAME"])

    @property
    def label(self) -> str:
        """SQLite 3.40.1, PostgreSQL 15.8."""
        version = ".".join(map(str, self.connection.get_database_version()))
        return f"{self.connection.display_name} {version}"

    def use(self, name: str) -> None:
        """Talk to that database from now on."""
        self.connection.close()
        self.connection.settings_dict["NAME"] = name

    def copy(self) -> str:
        """A copy of the current database; returns its name and stays with the current one."""
        self.connection.close()  # SQLite folds its log into the file, PostgreSQL wants nobody in
        self._copies += 1
        suffix = str(self._copies)
        name = self.connection.creation.get_test_db_clone_settings(suffix)["NAME"]
        self.connection.creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
        self._made.append(name)
        if self.connection.vendor == "sqlite":
            # Or the first commit would wait for the whole copy to reach the disk.
            with open(name, "rb") as file:
                os.fsync(file.fileno())
        return name

    def drop(self, name: str) -> None:
        """Remove a database made here."""
        self.use(name)
        self.connection.creation.destroy_test_db(verbosity=0)
        self._made.remove(name)

    @contextmanager
    def on_copy(self) -> Iterator[None]:
        """Work on a copy of the current database and remove it afterwards."""
        source = self.current
        name = self.copy()
        self.use(name)
        try:
            yield
        finally:
            self.drop(name)
            self.use(source)
