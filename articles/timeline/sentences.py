"""One table from an action to its sentence. Pure: plain values in, plain text out, never HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from cms.ops.audit import SYSTEM

from ..models import Priority, ReturnKind, WeChatAction, WithdrawalKind
from ..pushes.calendar.states import NO_DAY
from ..review.stages import Dimension


class Part(StrEnum):
    """What an entry belongs to; people narrow the timeline down to one."""

    TEXT = "text"
    REVIEW = "review"
    RELEASE = "release"
    OTHER = "other"


@dataclass(frozen=True)
class Event:
    """One recorded action.

    ``detail`` is what the audit log keeps; ``label`` what the log calls the action; ``opinion``
    what a reviewer wrote with an approval.
    """

    action: str
    actor: str
    detail: Mapping[str, Any]
    label: str = ""
    opinion: str = ""


@dataclass(frozen=True)
class Line:
    """An entry in words: one sentence, then what people themselves wrote, word for word."""

    text: str
    quotes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    part: Part = Part.OTHER

    @property
    def plain(self) -> str:
        """All of it in one line."""
        said = "".join(f"“{quote}”" for quote in self.quotes)
        listed = "；".join(self.points)
        return self.text + (f"：{said}" if said else "") + (f"（{listed}）" if listed else "")


def line(event: Event) -> Line:
    """The sentence of ``event``; an action nobody wrote a sentence for gets its label and reason.

    A detail that is missing leaves its words out: old entries know less than new ones.
    """
    part, tell = TABLE.get(event.action, (Part.OTHER, _unknown))
    text = tell(event)
    quotes = [
        str(event.detail[key]).strip()
        for key in ("reason", "text", "note")
        if str(event.detail.get(key) or "").strip()
    ]
    if event.opinion.strip():
        quotes.append(event.opinion.strip())
    changes = event.detail.get("changes")
    points = tuple(str(each) for each in changes) if isinstance(changes, list) else ()
    return Line(text, tuple(quotes), points, part)


def moment_words(value: Any) -> str:
    """``2026年11月23日 08:30`` from a moment or its ISO text; other text comes back as it is."""
    moment = value if isinstance(value, datetime) else _parsed(value)
    if moment is None:
        return str(value or "")
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def day_words(value: Any) -> str:
    """``2026年11月23日`` from a day's ISO text; text that is none comes back as is."""
    try:
        day = parse_date(str(value or ""))
    except ValueError:
        day = None
    return f"{day.year}年{day.month}月{day.day}日" if day else str(value or "")


def _parsed(value: Any) -> datetime | None:
    try:
        return parse_datetime(str(value or ""))
    except ValueError:
        return None


def choice_words(choices: Any, value: Any) -> str:
    """What people read for a stored choice; the value itself where it is already words."""
    said = "" if value is None else str(value)
    return {str(key): words for key, words in choices.choices}.get(said, said)


def _plain(words: str) -> Callable[[Event], str]:
    return lambda event: f"{event.actor}{words}"


def _fixed(words: str) -> Callable[[Event], str]:
    return lambda event: words


def _with(before: str, key: str, after: str, without: str) -> Callable[[Event], str]:
    """``actor`` + ``before`` + detail + ``after``; ``actor`` + ``without`` where it is missing."""

    def tell(event: Event) -> str:
        value = event.detail.get(key)
        return f"{event.actor}{before}{value}{after}" if value else f"{event.actor}{without}"

    return tell


def _approve(event: Event) -> str:
    detail = event.detail
    name = choice_words(Dimension, detail.get("dimension"))
    in_place = f"代{detail['deputy_for']}" if detail.get("deputy_for") else ""
    words = f"{event.actor}{in_place}通过{name}审核"
    slips = detail.get("slips")
    if slips is None:
        return words
    return words + (f"，校出差错{slips}处" if slips else "，没有校出差错")


def _send_back(event: Event) -> str:
    stage = event.detail.get("stage") or "审核"
    kind = choice_words(ReturnKind, event.detail.get("kind"))
    return f"{event.actor}在“{stage}”退回修改" + (f"，类别：{kind}" if kind else "")


def _reopened(event: Event) -> str:
    return "内容有改动，已给出的审核作废，三审从头开始"


def _reopened_one(event: Event) -> str:
    person, stage = event.detail.get("person", "审核人"), event.detail.get("stage", "审核")
    return f"{person}通过“{stage}”之后又保存过这一稿，这一审作废，由其他同事重审"


def _schedule(event: Event) -> str:
    at = moment_words(event.detail.get("go_live_at"))
    return f"{event.actor}定时发布" + (f"：{at}" if at else "")


def _publish(event: Event) -> str:
    if event.actor == SYSTEM:
        return "到了定好的时间，文章自动发布"
    return f"{event.actor}发布了文章"


def _import_past(event: Event) -> str:
    at = moment_words(event.detail.get("published_at"))
    return f"{event.actor}导入历史文章" + (f"，原发布时间{at}" if at else "")


def _urgent_publish(event: Event) -> str:
    asked = event.detail.get("requested_by")
    due = moment_words(event.detail.get("review_due_at"))
    words = f"{event.actor}作为第二人同意，文章特急发布"
    if asked:
        words += f"（{asked}发起）"
    return words + (f"，三审须在{due}前补完" if due else "")


def _urgent_cancel(event: Event) -> str:
    if event.actor == SYSTEM:
        return "特急发布的申请不再有效"
    return f"{event.actor}撤回了特急发布的申请"


def _withdraw(event: Event) -> str:
    kind = choice_words(WithdrawalKind, event.detail.get("kind"))
    return f"{event.actor}撤稿" + (f"，公开说明为“{kind}”" if kind else "")


def _correction(event: Event) -> str:
    done = choice_words(WeChatAction, event.detail.get("wechat"))
    return f"{event.actor}确认并公开更正" + (f"，{done}" if done else "")


def _change_date(event: Event) -> str:
    old, new = (moment_words(event.detail.get(key)) for key in ("from", "to"))
    words = f"{event.actor}改了公开日期"
    return words + (f"：从{old}改为{new}" if old and new else "")


def _comment(event: Event) -> str:
    where = event.detail.get("where")
    return f"{event.actor}写了批注" + (f"（{where}）" if where else "")


def _plan(event: Event) -> str:
    due = moment_words(event.detail.get("due_at"))
    priority = choice_words(Priority, event.detail.get("priority"))
    said = [f"截稿{due}" if due else "", f"缓急：{priority}" if priority else ""]
    words = "，".join(each for each in said if each)
    return f"{event.actor}安排审稿" + (f"：{words}" if words else "")


def _plan_day(event: Event) -> str:
    old, new = (event.detail.get(key) for key in ("from", "to"))
    if not new or new == NO_DAY:
        return f"{event.actor}取消了计划日期" + (f"（原来是{day_words(old)}）" if old else "")
    before = f"从{day_words(old)}" if old and old != NO_DAY else ""
    return f"{event.actor}把计划日期{before}改为{day_words(new)}"


def _share(event: Event) -> str:
    reader, until = event.detail.get("reader"), moment_words(event.detail.get("expires_at"))
    words = f"{event.actor}把文章送{reader}阅" if reader else f"{event.actor}送阅文章"
    return words + (f"，链接到{until}为止" if until else "")


def _opinion(event: Event) -> str:
    reader = event.detail.get("reader") or "收到阅读链接的人"
    if str(event.detail.get("text") or "").strip():
        return f"{reader}看后留下意见（不算审核）"
    return f"{reader}表示已阅（不算审核）"


def _opened(event: Event) -> str:
    return f"{event.detail.get('reader') or '收到阅读链接的人'}打开了阅读链接"


def _deputation(words: str) -> Callable[[Event], str]:
    def tell(event: Event) -> str:
        detail = event.detail
        name = choice_words(Dimension, detail.get("dimension"))
        days = [day_words(detail.get(key)) for key in ("from", "to")]
        span = f"（{days[0]}至{days[1]}）" if all(days) else ""
        people = f"{detail.get('deputy') or '同事'}代{detail.get('person') or '审核人'}"
        return f"{event.actor}{words}：{people}做{name}审核{span}"

    return tell


def _claim(words: str) -> Callable[[Event], str]:
    def tell(event: Event) -> str:
        number = event.detail.get("claim")
        return f"文中引用的名次结论{number or ''}{words}"

    return tell


def _commit_push(event: Event) -> str:
    at = moment_words(event.detail.get("go_live_at"))
    return f"{event.actor}给推送定时" + (f"：{at}" if at else "")


def _reopen_push(event: Event) -> str:
    at = moment_words(event.detail.get("go_live_at"))
    return "推送的审定作废" + (f"，{at}的定时一并取消" if at else "")


def _plan_push(event: Event) -> str:
    old, new = (_slot_words(event.detail.get(key)) for key in ("from", "to"))
    words = f"{event.actor}安排推送计划"
    return words + (f"：从{old}改为{new}" if old and new else "")


def _slot_words(value: Any) -> str:
    """``2026年11月23日 08:30`` from a day's ISO text, with or without a time."""
    day, space, slot = str(value or "").partition(" ")
    return f"{day_words(day)}{space}{slot}"


def _publish_push(event: Event) -> str:
    if event.actor == SYSTEM:
        return "到了定好的时间，推送的文章一起发布到网页镜像"
    return f"{event.actor}把推送的文章一起发布到网页镜像"


def _sent_push(event: Event) -> str:
    at, how = moment_words(event.detail.get("sent_at")), event.detail.get("noticed")
    words = f"推送{at + '已' if at else '已'}在微信发出"
    return words + (f"（{how}）" if how else "")


def _order(before: str) -> Callable[[Event], str]:
    """``actor`` + ``before`` + the titles in their order."""

    def tell(event: Event) -> str:
        titles = event.detail.get("articles")
        said = "、".join(f"《{each}》" for each in titles) if isinstance(titles, list) else ""
        return f"{event.actor}{before}" + (f"：{said}" if said else "")

    return tell


def _push_form(event: Event) -> str:
    said = [str(event.detail[key]) for key in ("form", "comments") if event.detail.get(key)]
    title = event.detail.get("article")
    words = f"{event.actor}改了{f'《{title}》' if title else '文章'}的形式或留言设置"
    return words + (f"：{'，'.join(said)}" if said else "")


def _unknown(event: Event) -> str:
    return f"{event.actor}：{event.label or event.action}"


TABLE: dict[str, tuple[Part, Callable[[Event], str]]] = {
    "article.submit": (Part.REVIEW, _plain("提交审核")),
    "article.take_back": (Part.REVIEW, _plain("撤回送审")),
    "article.approve": (Part.REVIEW, _approve),
    "article.send_back": (Part.REVIEW, _send_back),
    "article.reopen_reviews": (Part.REVIEW, _reopened),
    "article.reopen_review": (Part.REVIEW, _reopened_one),
    "article.claim": (Part.REVIEW, _with("从", "from", "手里接过这一审", "认领了这一审")),
    "article.unclaim": (Part.REVIEW, _plain("放下了这一审的认领")),
    "article.plan": (Part.REVIEW, _plan),
    "article.plan_day": (Part.RELEASE, _plan_day),
    "article.review_overdue": (
        Part.REVIEW,
        lambda e: f"“{e.detail['stage']}”超过了截稿时间" if e.detail.get("stage") else "审核超时",
    ),
    "article.comment": (Part.REVIEW, _comment),
    "article.comment_resolve": (Part.REVIEW, _plain("解决了批注")),
    "article.checklist_change": (Part.REVIEW, _plain("修改了审核清单")),
    "deputation.appoint": (Part.REVIEW, _deputation("安排代审")),
    "deputation.end": (Part.REVIEW, _deputation("结束代审")),
    "article.schedule": (Part.RELEASE, _schedule),
    "article.unschedule": (Part.RELEASE, _plain("取消定时")),
    "article.publish": (Part.RELEASE, _publish),
    "article.publish_failed": (Part.RELEASE, _fixed("定时发布没有成功")),
    "article.publish_retry": (Part.RELEASE, _plain("重试发布，文章已发布")),
    "article.expire": (Part.RELEASE, _fixed("到了有效期，文章自动撤下")),
    "article.import_past": (Part.RELEASE, _import_past),
    "article.urgent_request": (Part.RELEASE, _plain("申请特急发布，等第二人确认")),
    "article.urgent_publish": (Part.RELEASE, _urgent_publish),
    "article.urgent_decline": (Part.RELEASE, _plain("作为第二人没有同意特急发布")),
    "article.urgent_cancel": (Part.RELEASE, _urgent_cancel),
    "article.urgent_reviewed": (Part.RELEASE, _fixed("特急发布的三审已经补完")),
    "article.urgent_overdue": (Part.RELEASE, _fixed("特急发布超过时限还没有补完三审")),
    "article.withdraw": (Part.RELEASE, _withdraw),
    "article.correction_propose": (Part.RELEASE, _plain("提出更正，等第二人确认")),
    "article.correction_publish": (Part.RELEASE, _correction),
    "article.correction_decline": (Part.RELEASE, _plain("没有同意更正")),
    "article.change_public_date": (Part.RELEASE, _change_date),
    "article.claim_in_doubt": (Part.RELEASE, _claim("不再成立，文章需复核")),
    "article.claim_restored": (Part.RELEASE, _claim("恢复有效")),
    "article.from_word": (
        Part.TEXT,
        _with("从 Word 文件“", "file", "”导入文字", "从 Word 导入文字"),
    ),
    "article.save_over": (
        Part.TEXT,
        _with("看过", "writer", "的改动后，以自己的稿子为准保存", "以自己的稿子为准保存"),
    ),
    "article.from_paste": (Part.TEXT, _plain("粘贴了成段的文字")),
    "article.share": (Part.OTHER, _share),
    "article.share_revoke": (
        Part.OTHER,
        _with("收回了给", "reader", "的阅读链接", "收回了阅读链接"),
    ),
    "article.shared_open": (Part.OTHER, _opened),
    "article.shared_opinion": (Part.OTHER, _opinion),
    "article.push_join": (Part.RELEASE, _with("把文章编入推送", "push", "", "把文章编入推送")),
    "article.push_leave": (
        Part.RELEASE,
        _with("把文章移出推送", "push", "", "把文章移出推送"),
    ),
    "push.create": (Part.RELEASE, _order("建立推送")),
    "push.add": (Part.RELEASE, _with("加入《", "article", "》", "加入一篇文章")),
    "push.remove": (Part.RELEASE, _with("移出《", "article", "》", "移出一篇文章")),
    "push.reorder": (Part.RELEASE, _order("调整次序")),
    "push.form": (Part.RELEASE, _push_form),
    "push.plan": (Part.RELEASE, _plan_push),
    "push.preview": (
        Part.RELEASE,
        _with("把推送发到", "reader", "的手机上预览", "发了推送的手机预览"),
    ),
    "push.approve": (Part.RELEASE, _plain("审定了推送")),
    "push.reopen": (Part.RELEASE, _reopen_push),
    "push.commit": (Part.RELEASE, _commit_push),
    "push.uncommit": (Part.RELEASE, _plain("取消了推送的定时")),
    "push.publish": (Part.RELEASE, _publish_push),
    "push.publish_failed": (Part.RELEASE, _fixed("推送没有发布成功，一篇也没有公开")),
    "push.publish_retry": (Part.RELEASE, _plain("重试，推送的文章一起发布到网页镜像")),
    "push.deliver": (Part.RELEASE, _plain("把推送送往微信")),
    "push.delivered": (Part.RELEASE, _fixed("草稿已送到公众号后台的草稿箱")),
    "push.delivery_failed": (Part.RELEASE, _fixed("推送在微信没有办成")),
    "push.delivery_retry": (
        Part.RELEASE,
        _with("从“", "stage", "”重试送往微信", "重试送往微信"),
    ),
    "push.draft_changed": (Part.RELEASE, _fixed("微信里的草稿在公众号后台改动过，等人决定")),
    "push.overwrite": (Part.RELEASE, _plain("看过后台的改动，用审定的文字覆盖")),
    "push.keep_draft": (Part.RELEASE, _plain("看过后台的改动，决定保留")),
    "push.mass_send": (Part.RELEASE, _plain("从工作台群发")),
    "push.permanent_link": (Part.RELEASE, _plain("生成永久链接（不推送粉丝）")),
    "push.back_office_add": (Part.RELEASE, _plain("添加了一项后台待办")),
    "push.back_office_done": (Part.RELEASE, _plain("完成了一项后台待办")),
    "push.back_office_undone": (Part.RELEASE, _plain("把一项后台待办改为没有完成")),
    "push.back_office_remove": (Part.RELEASE, _plain("删除了一项后台待办")),
    "push.sent": (Part.RELEASE, _sent_push),
    "push.addresses": (Part.RELEASE, _plain("登记了推送文章在微信里的地址")),
    "push.sent_correct": (Part.RELEASE, _plain("改正了推送在微信里是哪一条")),
    "push.dissolve": (Part.RELEASE, _plain("解散了推送，文章回到待发布")),
    # Wagtail's own log, for what no service of ours does.
    "wagtail.copy": (Part.TEXT, _plain("由另一篇文章复制得到本稿")),
    "wagtail.revert": (Part.TEXT, _plain("恢复到以前的一稿")),
    "wagtail.move": (Part.OTHER, _plain("移动了文章的位置")),
    "wagtail.lock": (Part.OTHER, _plain("锁定了文章")),
    "wagtail.unlock": (Part.OTHER, _plain("解除了文章的锁定")),
    "wagtail.workflow.cancel": (Part.REVIEW, _plain("取消了审核流程")),
    "wagtail.view_restriction.create": (Part.OTHER, _plain("设置了访问限制")),
    "wagtail.view_restriction.edit": (Part.OTHER, _plain("修改了访问限制")),
    "wagtail.view_restriction.delete": (Part.OTHER, _plain("取消了访问限制")),
}

LOGGED_BY_WAGTAIL = frozenset(action for action in TABLE if action.startswith("wagtail."))


def written(actor: str, first: int, last: int) -> Line:
    """Who saved the drafts ``first`` to ``last``, counted from 1 over all drafts of the article."""
    if last > first:
        words = f"{actor}改了稿（第{first}至{last}稿）"
    elif first == 1:
        words = f"{actor}写了第1稿"
    else:
        words = f"{actor}改了第{first}稿"
    return Line(words, part=Part.TEXT)
