"""What people arranged around the demo's texts: deadlines, topics, contributions, pushes."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from wagtail.models import TaskState

from articles.intake import contributions, topics
from articles.models import (
    ArticlePage,
    ColumnPage,
    PhoneReader,
    Priority,
    ReviewTaskState,
    SentNoticed,
)
from articles.pushes import services as pushes
from articles.review import claiming, deadlines, deputies
from articles.review.stages import Dimension
from cms.ops import notices
from cms.users.models import User

# Notices that somebody who looks in every day has not read yet.
UNREAD = 3


def arrange(people: dict[str, User]) -> int:
    """Plan one text, claim another, and appoint a deputy for next week; how much that was."""
    running = {
        step.task.reviewtask.dimension: step
        for step in ReviewTaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
        .select_related("task__reviewtask", "workflow_state")
        .order_by("-pk")
    }
    now = timezone.localtime().replace(second=0, microsecond=0)
    deadlines.set_plan(
        people["editor"],
        running[Dimension.CREDIBLE].workflow_state.content_object.specific,
        now + timedelta(hours=6),
        Priority.TOP,
        "明早推送头条，请优先看。",
    )
    claiming.claim(people["reviewer_readable"], running[Dimension.READABLE])
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    deputies.appoint(
        people["reviewer_approachable"],
        Dimension.APPROACHABLE,
        people["reviewer_approachable"],
        people["editor_2"],
        monday,
        monday + timedelta(days=4),
        "外出培训",
    )
    return 3


def gather(people: dict[str, User]) -> int:
    """Fill 选题单 and 投稿箱; how many entries."""
    editor, contributor = people["editor"], people["contributor"]
    column = ColumnPage.objects.live().order_by("path").last()
    next_week = timezone.localdate() + timedelta(days=7)
    wanted = topics.propose(
        editor,
        "冬至前，去看看社区食堂",
        "一顿热饭从几点开始准备；老人怎么订、怎么送；价格和补贴以街道公布的为准。",
        column,
        next_week,
    )
    topics.accept(editor, wanted, editor, next_week)
    topics.propose(people["editor_2"], "公园里的冬候鸟来了没有", "先问园林部门，再去现场拍。")
    old = topics.propose(editor, "年底办证高峰怎么错开")
    topics.drop(editor, old, "和“执照从哪个窗口办起”重复，合在一篇里写。")
    contributions.send(
        contributor,
        "楼下的晾衣架装好了",
        "上周居民在群里提了晾晒难，社区和物业看了三处空地，这周末把公共晾衣架装好了。\n"
        "装在哪里、几点能用，写在楼栋的公告栏上。",
        "社区居委会（示例）",
    )
    repeated = contributions.send(
        contributor, "社区开展灭火器演练", "周三下午，居民学会了用灭火器。", "社区居委会（示例）"
    )
    contributions.decline(editor, repeated, "消防日刚发过同题文章，这次不用了，谢谢。")
    return 5


def send(people: dict[str, User], articles: dict[str, ArticlePage]) -> int:
    """One push that went out, one committed to tomorrow morning, one of 1+3 that is planned."""
    publisher, approver = people["publisher"], people["reviewer_approachable"]
    today = timezone.localdate()

    sent = pushes.create(publisher, [articles["wb-bridge-walk"]])
    pushes.approve(approver, sent, "可以发。")
    pushes.publish_now(publisher, sent)
    pushes.record_sent(publisher, sent, timezone.now(), noticed=SentNoticed.PASTED)

    tomorrow = today + timedelta(days=1)
    morning = [articles["wb-tea-stall"], articles["wb-bench-mended"]]
    committed = pushes.create(publisher, morning, planned_for=tomorrow)
    pushes.approve(approver, committed)
    pushes.commit(
        publisher, committed, timezone.make_aware(datetime.combine(tomorrow, time(8, 30)))
    )

    week = [
        articles[key]
        for key in ("wb-pipes-in-frost", "wb-lamp-report", "wb-book-shelf", "wb-umbrella-stand")
    ]
    pushes.create(publisher, week, planned_for=today + timedelta(days=3))
    PhoneReader.objects.create(name="示例主任", wechat_name="example_reader")
    return 3


def read_notices(people: dict[str, User]) -> None:
    """Everybody has read what they were told, but for the latest and what asks them for a deed."""
    for person in people.values():
        told = notices.unread(person).exclude(event__endswith=".ask")
        for notice in told[UNREAD:]:
            notices.mark_read(person, notice)
