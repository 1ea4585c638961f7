"""WeChat's interfaces as we call them, and how often each may be called on one day.

WeChat: API_Call_Limits gives the numbers; they are the least that every account has and grow with
the followers. Where it gives none, none is known.
"""

from typing import NamedTuple


class Endpoint(NamedTuple):
    """What people call it, and calls a day."""

    label: str
    daily: int | None = None


ENDPOINTS = {
    "/cgi-bin/stable_token": Endpoint("取访问凭证", 500_000),
    "/cgi-bin/media/uploadimg": Endpoint("传正文图片", 100_000),
    "/cgi-bin/material/add_material": Endpoint("传永久素材", 100_000),
    "/cgi-bin/draft/add": Endpoint("新建草稿", 1000),
    "/cgi-bin/draft/update": Endpoint("修改草稿", 1000),
    "/cgi-bin/draft/get": Endpoint("查看草稿", 500),
    "/cgi-bin/draft/delete": Endpoint("删除草稿", 1000),
    "/cgi-bin/draft/batchget": Endpoint("列出草稿", 1000),
    "/cgi-bin/message/mass/sendall": Endpoint("群发", 100),
    "/cgi-bin/message/mass/preview": Endpoint("手机预览"),
    "/cgi-bin/message/mass/get": Endpoint("查询群发"),
    "/cgi-bin/freepublish/submit": Endpoint("生成永久链接", 100),
    "/cgi-bin/freepublish/get": Endpoint("查询永久链接", 100),
    "/cgi-bin/freepublish/batchget": Endpoint("列出永久链接", 100),
    "/datacube/getarticletotaldetail": Endpoint("文章统计"),
    "/datacube/getarticleread": Endpoint("阅读统计"),
    "/datacube/getarticleshare": Endpoint("分享统计"),
    "/datacube/getbizsummary": Endpoint("公众号统计"),
    "/datacube/getusersummary": Endpoint("粉丝增减"),
    "/datacube/getusercumulate": Endpoint("累计粉丝"),
    "/cgi-bin/comment/list": Endpoint("列出留言"),
    "/cgi-bin/comment/markelect": Endpoint("精选留言"),
    "/cgi-bin/comment/unmarkelect": Endpoint("取消精选"),
    "/cgi-bin/comment/delete": Endpoint("删除留言"),
    "/cgi-bin/comment/reply/add": Endpoint("回复留言"),
    "/cgi-bin/comment/reply/delete": Endpoint("删除回复"),
}


def label_of(endpoint: str) -> str:
    """What people call ``endpoint``; one that is no longer called keeps its address."""
    known = ENDPOINTS.get(endpoint)
    return known.label if known else endpoint
