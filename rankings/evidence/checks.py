"""System checks: whether the store that the settings name can be used at all."""

import importlib.util
from typing import Any

from django.conf import settings
from django.core.checks import Error

INSTALL = ".venv/bin/python -m pip install -r requirements-s3.txt"


def check_store(app_configs: Any, **details: Any) -> list[Error]:
    """The ``S3_`` settings are whole, and what speaks S3 is installed."""
    found = []
    rest = [
        name
        for name in ("S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_REGION")
        if getattr(settings, name)
    ]
    if not settings.S3_BUCKET:
        if rest:
            found.append(
                Error(
                    f"设了 {'、'.join(rest)}，却没有设 S3_BUCKET，存证仍会写在本机。",
                    hint="请填写 S3_BUCKET（存储桶名称），或去掉其他 S3_ 开头的设置。",
                    id="evidence.E002",
                )
            )
        return found
    if any(importlib.util.find_spec(name) is None for name in ("storages", "boto3")):
        found.append(
            Error(
                "设了 S3_BUCKET，但没有安装存取 S3 所需的软件，存证无处可写。",
                hint=f"请执行：{INSTALL}",
                id="evidence.E001",
            )
        )
    if bool(settings.S3_ACCESS_KEY) != bool(settings.S3_SECRET_KEY):
        found.append(
            Error(
                "S3_ACCESS_KEY 和 S3_SECRET_KEY 只设了一项。",
                hint="请两项都填写；由运行环境授权的机器两项都留空。",
                id="evidence.E003",
            )
        )
    if settings.S3_ADDRESSING not in ("auto", "path", "virtual"):
        found.append(
            Error(
                "S3_ADDRESSING 只能是 auto、path 或 virtual。",
                hint="MinIO 一般填 path，阿里云 OSS 填 virtual，其他留空。",
                id="evidence.E004",
            )
        )
    if settings.S3_ENDPOINT_URL and not settings.S3_ENDPOINT_URL.startswith(
        ("http://", "https://")
    ):
        found.append(
            Error(
                "S3_ENDPOINT_URL 要以 https:// 或 http:// 开头。",
                hint="例如 https://s3.example.gov.cn。",
                id="evidence.E005",
            )
        )
    return found
