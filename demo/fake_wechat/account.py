"""The demo's WeChat account: an invented one, with secrets of this machine alone."""

import base64
import secrets
from pathlib import Path

from demo.secret_files import write_secret


def write_account(path: Path, port: int) -> None:
    """Write what `make run` gives to the workbench and to the stand-in.

    The callback's key is WeChat's EncodingAESKey: 32 bytes in Base64 without the last sign.
    """
    write_secret(
        path,
        {
            "port": port,
            "appid": f"wx{secrets.token_hex(8)}",
            "secret": secrets.token_hex(16),
            "callback_token": secrets.token_hex(12),
            "callback_key": base64.b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        },
    )
