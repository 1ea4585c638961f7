"""nginx as a process of its own: its files in a scratch folder, free ports of this machine."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"
HOST, VAR, APPLICATION = "www.example.gov.cn", "/srv/zai-hetang/var", "127.0.0.1:8000"
PATIENCE = 10.0  # seconds nginx may take to start


def program() -> str | None:
    """nginx's path; administrators' programs are not on everybody's PATH."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def site(var: Path, port: int, application: int, host: str = HOST) -> str:
    """``deploy/nginx.conf`` as an administrator would fill it in, on a port of this machine."""
    text = SITE.read_text(encoding="utf-8")
    text = text.replace(HOST, host).replace(VAR, str(var))
    text = text.replace(APPLICATION, f"127.0.0.1:{application}")
    text = re.sub(r"^    listen 80\b", f"    listen 127.0.0.1:{port}", text, flags=re.M)
    inner = f"    listen [::1]:{port}" if has_ipv6() else "    # listen"
    return re.sub(r"^    listen \[::\]:80\b", lambda _: inner, text, flags=re.M)


@contextmanager
def running(folder: Path, *sites: str, port: int, workers: int = 1) -> Iterator[int]:
    """nginx with ``sites`` until the block ends, otherwise set up as Debian does; its process id.

    Raises:
        AssertionError: it did not start; its own words are the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(sites):
        (folder / f"site-{number}.conf").write_text(text, encoding="utf-8")
    temporary = "\n".join(
        f"    {kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Nothing is changed for the tests' sake but users and places.
    (folder / "nginx.conf").write_text(
        f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
{temporary}
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    gzip on;
    include {folder}/site-*.conf;
}}
""",
        encoding="utf-8",
    )
    command = [str(program()), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    command += ["-g", "daemon off;"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        until = time.monotonic() + PATIENCE
        while process.poll() is None and not _answers(port):
            assert time.monotonic() < until, "nginx does not answer"
            time.sleep(0.02)
        assert process.poll() is None, process.communicate()[0].decode()
        yield process.pid
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
