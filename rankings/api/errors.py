"""Every refusal is ``{"code": …, "message": one Chinese sentence}``."""

import math
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

NOT_FOUND = "没有这个地址或记录，请对照 /api/v1/ 的说明检查。"
READ_ONLY = "接口只读，只接受 GET、HEAD 和 OPTIONS。"


class BadParameter(exceptions.APIException):
    """A query parameter that cannot be used; the message says what to write instead."""

    status_code = 400
    default_code = "bad_parameter"
    default_detail = "参数有误，请对照 /api/v1/ 的说明检查。"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"参数 {name}：{sentence}")


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception; None lets a fault of ours go on to the 500 handler."""
    headers: dict[str, str] = {}
    if isinstance(error, Http404 | exceptions.NotFound):
        status, code = 404, "not_found"
        told = str(error.detail) if isinstance(error, exceptions.NotFound) else ""
        message = told or NOT_FOUND
    elif isinstance(error, exceptions.MethodNotAllowed):
        status, code, message = 405, "read_only", READ_ONLY
    elif isinstance(error, exceptions.Throttled):
        wait = math.ceil(error.wait or 60)
        status, code = 429, "throttled"
        message = f"请求太频繁，请 {wait} 秒后再试。"
        headers["Retry-After"] = str(wait)
    elif isinstance(error, BadParameter):
        status, code, message = 400, error.default_code, str(error.detail)
    elif isinstance(error, exceptions.APIException):
        status, code, message = error.status_code, "refused", BadParameter.default_detail
    elif isinstance(error, PermissionDenied):
        status, code, message = 403, "refused", "不能访问这个地址。"
    else:
        return None
    return Response({"code": code, "message": message}, status=status, headers=headers)
