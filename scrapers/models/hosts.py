"""What is known of the hosts that are visited, shared by all machines."""

from django.db import models


class Host(models.Model):
    """One origin: what its robots.txt says, and from when on it may be asked again."""

    origin = models.CharField(
        "主机", max_length=300, unique=True, help_text="例如 https://a.cn:443"
    )
    robots = models.TextField("robots.txt", blank=True)
    robots_status = models.PositiveSmallIntegerField(
        "robots.txt 的 HTTP 状态", null=True, blank=True
    )
    robots_at = models.DateTimeField("取得 robots.txt 的时间", null=True, blank=True)
    next_at = models.DateTimeField("最早可再访问的时间", null=True, blank=True)
    https = models.BooleanField("能用 https", null=True, blank=True)

    class Meta:
        verbose_name = "访问过的主机"
        verbose_name_plural = "访问过的主机"
        ordering = ["origin"]

    def __str__(self) -> str:
        return self.origin
