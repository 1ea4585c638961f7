"""存证: raw bytes of pages, pictures and uploads, kept for ever, and where each was met."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(TypeError):
    """Evidence is only ever added; changing or deleting it is a fault of the caller."""

    def __init__(self) -> None:
        super().__init__("存证只能新增，不能修改或删除。")


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses the bulk operations that would pass by ``save`` and ``delete``."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class Capture(AppendOnlyModel):
    """The bytes themselves, named by their SHA-256: the same bytes are one row and one file."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    path = models.CharField("存放位置", max_length=80, unique=True)
    stored_at = models.DateTimeField("存入时间", auto_now_add=True)

    class Meta:
        verbose_name = "存证"
        verbose_name_plural = "存证"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"存证 {self.sha256[:12]}"


class Sighting(AppendOnlyModel):
    """One time the bytes were met: when, where, and what was said to and by the server."""

    class Kind(models.TextChoices):
        PAGE = "page", "网页"
        PICTURE = "picture", "图片"
        UPLOAD = "upload", "上传文件"

    capture = models.ForeignKey(
        Capture, verbose_name="存证", on_delete=models.PROTECT, related_name="sightings"
    )
    kind = models.CharField("类型", max_length=10, choices=Kind)
    url = models.CharField("网址", max_length=2000, blank=True)
    final_url = models.CharField("最终网址", max_length=2000, blank=True)
    http_status = models.PositiveSmallIntegerField("HTTP 状态", null=True, blank=True)
    content_type = models.CharField("内容类型", max_length=255, blank=True)
    request_headers = models.JSONField("请求头", default=dict, blank=True)
    response_headers = models.JSONField("响应头", default=dict, blank=True)
    # Stored in UTC; screens show Beijing time.
    fetched_at = models.DateTimeField("取得时间", db_index=True)

    class Meta:
        verbose_name = "取得记录"
        verbose_name_plural = "取得记录"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.final_url or self.url or self.capture.sha256[:12]}"


class Round(models.Model):
    """One pass of the machine over all evidence; how far it is and what it found.

    ``faults`` maps a capture's pk to what is wrong: ``{"condition": …, "message": …}``.
    """

    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    # The last capture that was looked at.
    position = models.BigIntegerField("核对到", default=0)
    checked = models.PositiveBigIntegerField("已核对", default=0)
    faults = models.JSONField("问题", default=dict, blank=True)
    # Why it does not get on: the store does not answer.
    problem = models.TextField("没有核对下去的原因", blank=True)
    # Until then it is some worker's.
    busy_until = models.DateTimeField("占用到", null=True, blank=True)

    class Meta:
        verbose_name = "存证核对"
        verbose_name_plural = "存证核对"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"存证核对 {self.started_at:%Y-%m-%d}"
