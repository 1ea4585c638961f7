"""No push is approved that WeChat would not take."""

import pytest

from articles.models import MemberForm, WeChatComments
from articles.pushes import services
from articles.pushes.refusals import PushRefused
from articles.wechat.lint import judging
from articles.wechat.rendering import Rendered

from .conftest import again

pytestmark = pytest.mark.django_db


def test_html_that_wechat_takes_apart_is_not_approved(people, assemble, monkeypatch):
    push = assemble(2)
    html = "<section><p style='text-align:start'>字</p></section>"
    wrong = Rendered(html, len(html), "", ())
    with monkeypatch.context() as patch:
        patch.setattr(judging, "render", lambda article, address_of: wrong)
        with pytest.raises(PushRefused, match="还不能审定：《稿0》微信排版有 1 处"):
            services.approve(people.second, push)
        for member in push.members.all():
            services.set_form(
                people.publisher,
                push,
                member.article,
                form=MemberForm.PICTURES,
                comments=WeChatComments.CLOSED,
            )
        services.approve(people.second, push)  # picture messages are sent as plain text
    assert again(push).approved_at
