"""A stand-in for WeChat's official interface: a real HTTP server with its shapes and its faults.

``python -m demo.fake_wechat --port 8126 --state DIR`` runs it beside the demo; tests use
``FakeWeChat``. What it answers follows WeChat's documents as of November 2026; nothing of it is
WeChat's own.
"""

from .server import FakeWeChat

__all__ = ["FakeWeChat"]
