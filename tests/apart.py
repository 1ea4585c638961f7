"""Work in a process of its own, for what is killed in the middle of it."""

import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections

PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (``-signal.SIGKILL``: killed), and what it answered."""

    exitcode: int
    answer: Any = None


def apart(work: Callable[[], Any]) -> Ended:
    """Do ``work`` on the test database in a real process, forked from this one, until it ends.

    A new interpreter would take seconds to come to the same place. What ``work`` patches is
    patched in that process alone, and for good. For tests with real transactions only.
    """
    connections.close_all()  # no connection may be used on both sides of a fork
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def answered() -> None:
        there.send(work())
        connections.close_all()

    process = context.Process(target=answered)
    with warnings.catch_warnings():
        # Newer Pythons warn where threads run, as a test's server does: none has part in the work.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    there.close()
    with here:
        try:
            answer = here.recv() if here.poll(PATIENCE) else None
        except EOFError:  # killed, or failed with a traceback on stderr
            answer = None
    process.join(PATIENCE / 4)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"{work} did not end")
    return Ended(process.exitcode, answer)


def die(*args: Any, **kwargs: Any) -> None:
    """What is patched in where the process is to be killed: nothing can be caught or cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)
