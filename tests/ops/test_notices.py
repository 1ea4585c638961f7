"""Notices: written with the deed, mailed once, and again after a failure."""

import pytest
from django.core import mail
from django.db import transaction
from django_q.models import OrmQ

from cms.ops import notices, tasks
from cms.ops.models import Notice
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(email="li@example.com")


def test_a_notice_falls_with_its_deed(person) -> None:
    class Refused(Exception):
        pass

    with pytest.raises(Refused), transaction.atomic():
        notices.send(person, "article.send_back", "《灯亮了》退回修改。", by_mail=True)
        raise Refused
    assert not Notice.objects.exists()


def test_a_mail_goes_out_once(person, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notices.send(person, "article.send_back", "《灯亮了》退回修改。", "/admin/x/", by_mail=True)
        notices.send(person, "article.submit", "只在工作台里。")
    assert OrmQ.objects.count() == 1
    assert tasks.send_notice_mails() == "发出 1 封，失败 0 封"
    assert tasks.send_notice_mails() == "发出 0 封，失败 0 封"
    [sent] = mail.outbox
    assert sent.subject == "〔在荷塘〕《灯亮了》退回修改。"
    assert "http://testserver/admin/x/" in sent.body and "只在工作台里" not in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
