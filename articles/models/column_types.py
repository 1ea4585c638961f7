"""What a column's tags say to inspection tools."""

import re

from django.db import models


class ColumnType(models.TextChoices):
    """The ColumnType tag: the page names of the 政府网站发展指引 (国办发〔2017〕47号)."""

    HOME = "home", "首页"
    OVERVIEW = "overview", "概况信息"
    FUNCTIONS = "functions", "机构职能"
    LEADERS = "leaders", "负责人信息"
    NEWS = "news", "工作动态"
    POLICY = "policy", "政策文件"
    OPENNESS_GUIDE = "openness-guide", "信息公开指南"
    OPENNESS_LIST = "openness-list", "信息公开目录"
    OPENNESS_REPORT = "openness-report", "信息公开年报"
    OPENNESS_REQUEST = "openness-request", "依申请公开"
    DATA = "data", "数据发布"
    OPEN_DATA = "open-data", "数据开放"
    EXPLANATION = "explanation", "政策解读"
    RESPONSE = "response", "回应关切"
    SERVICE = "service", "办事服务"
    CONSULTING = "consulting", "咨询投诉"
    SURVEY = "survey", "征集调查"
    INTERVIEW = "interview", "在线访谈"

    @classmethod
    def below_home(cls) -> list[tuple[str, str]]:
        """The choices of a column: the front page alone is 首页."""
        return [choice for choice in cls.choices if choice[0] != cls.HOME]


def keyword_list(text: str) -> str:
    """``text`` with the one separator that tools read; people type several."""
    return ",".join(word for word in re.split(r"[,，、;；\s]+", text) if word)
