"""在公众号后台完成: what texts ask for, and who ticked what off."""

from types import SimpleNamespace

import pytest

from articles.models import ArticlePage, BackOfficeItem, BackOfficeKind, Kind
from articles.pushes import back_office, services
from articles.pushes.refusals import PushRefused
from cms.ops.models import AuditEntry
from tests.factories.articles import body

from .test_pages import buttons, page, press

pytestmark = pytest.mark.django_db

VIDEO, AUDIO = BackOfficeKind.VIDEO, BackOfficeKind.AUDIO
ORIGINAL, MACHINE = BackOfficeKind.ORIGINAL, BackOfficeKind.MACHINE_MADE
BLOCKS = body(
    ("paragraph", "<p>看一段。</p>"),
    ("video", {"title": "舞龙", "url": "", "tencent_id": "a0123bcdefg"}),
    ("audio", {"title": "花鼓", "url": "https://example.org/a.mp3"}),
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ({"body": BLOCKS, "kind": Kind.NEWS}, [(VIDEO, "舞龙"), (AUDIO, "花鼓"), (ORIGINAL, "")]),
        ({"kind": Kind.REPOST}, []),
        ({"kind": Kind.REPOST, "is_machine_made": True}, [(MACHINE, "")]),
    ],
)
def test_what_a_text_asks_for(text, kinds):
    loaded = SimpleNamespace(text=ArticlePage(pk=1, title="稿", **text))
    assert [(need.kind, need.text) for need in back_office.needs([loaded])] == kinds


def open_items(push):
    return [str(item) for item in push.back_office_items.filter(done_at=None)]


def test_the_approval_makes_the_list_and_ticks_of_what_stays_are_kept(people, assemble, ready):
    push = assemble(2)
    assert open_items(push) == []
    services.approve(people.second, push)
    first, second = push.back_office_items.order_by("pk")
    assert (first.kind, first.article_id, first.found) == (ORIGINAL, ready[0].pk, True)
    back_office.tick(people.publisher, first)
    back_office.add(people.publisher, push, BackOfficeKind.ALBUM, "夜读", ready[1])
    services.remove(people.publisher, push, ready[1], "改日")
    services.approve(people.second, push)
    rows = push.back_office_items.order_by("pk").values_list("pk", "done_by")
    assert rows[0] == (first.pk, people.publisher.pk)
    # A line of somebody's own stays until somebody takes it off.
    assert open_items(push) == ["加入合集 夜读"]
    assert not BackOfficeItem.objects.filter(pk=second.pk).exists()


def test_what_is_refused(people, assemble):
    push = assemble(1, approved=True)
    item = push.back_office_items.get()
    for deed in (back_office.tick, back_office.untick, back_office.remove):
        with pytest.raises(PushRefused, match="没有勾选后台待办的权限"):
            deed(people.editor, item)
    with pytest.raises(PushRefused, match="没有勾过"):
        back_office.untick(people.publisher, item)
    with pytest.raises(PushRefused, match="由正文得出"):
        back_office.remove(people.publisher, item)
    with pytest.raises(PushRefused, match="写明要在公众号后台做什么"):
        back_office.add(people.publisher, push, BackOfficeKind.OTHER, "  ")
    with pytest.raises(PushRefused, match="请选择要做的事项"):
        back_office.add(people.publisher, push, BackOfficeKind.VIDEO, "我要加")
    back_office.tick(people.publisher, item)
    with pytest.raises(PushRefused, match="已经勾过了"):
        back_office.tick(people.second, item)
    item.delete()
    with pytest.raises(PushRefused, match="已不在清单上"):
        back_office.untick(people.publisher, item)


def test_the_list_is_worked_off_on_the_page(people, assemble, client):
    push = assemble(1, approved=True)
    item = push.back_office_items.get()
    main = page(client, people.publisher, push)
    assert "在公众号后台完成（还有1项）" in main.get_text()
    assert {"tick", "add_item"} <= buttons(main)
    assert not {"tick", "add_item"} & buttons(page(client, people.editor, push))

    assert press(client, people.publisher, push, action="tick", item=item.pk) == "已勾为完成。"
    main = page(client, people.editor, push)
    assert "都已完成" in main.get_text() and str(people.publisher) in main.get_text()
    press(client, people.publisher, push, action="untick", item=item.pk)
    form = {"kind": "vote", "article": "", "text": "最美街坊"}
    press(client, people.publisher, push, action="add_item", **form)
    assert open_items(push) == ["声明原创", "插入投票 最美街坊"]
    added = push.back_office_items.get(kind="vote")
    assert "没有勾选" in press(client, people.editor, push, action="tick", item=added.pk)
    press(client, people.publisher, push, action="remove_item", item=added.pk)
    assert open_items(push) == ["声明原创"]
    assert "已不在清单上" in press(client, people.publisher, push, action="tick", item=added.pk)
    done = [
        action.removeprefix("push.back_office_")
        for action in AuditEntry.objects.filter(action__startswith="push.back_office")
        .order_by("pk")
        .values_list("action", flat=True)
    ]
    assert done == ["done", "undone", "add", "remove"]
