"""The buttons of a message: which form, which service, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from ..models import Deed, Message, State
from ..services import answering, contacts, extensions, handling, publishing
from . import forms as our

Run = Callable[[Any, Message, dict[str, Any]], Message]


@dataclass(frozen=True)
class Action:
    """``is_main``: shown open, except in states of ``folded_in``. ``initial`` fills the form."""

    deed: Deed
    button: str
    run: Run
    done: str
    form: type[forms.Form] | None = None
    heading: str = ""
    is_main: bool = True
    folded_in: frozenset[State] = frozenset()
    initial: Callable[[Message], dict[str, Any]] = lambda message: {}

    @property
    def name(self) -> str:
        return self.deed.value

    def is_open(self, message: Message) -> bool:
        """Whether it is what one usually does with ``message`` now."""
        return self.is_main and message.state not in self.folded_in


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%m月%d日}"


ACTIONS = (
    Action(
        Deed.ACCEPT,
        "受理",
        lambda actor, message, data: handling.accept(actor, message, **data),
        "已受理，答复期限到{due}。接下来请交办，或直接答复。",
        our.AcceptForm,
        "受理这条留言",
        initial=lambda m: {"category": m.category, "difficulty": m.difficulty},
    ),
    Action(
        Deed.ASSIGN,
        "交办",
        lambda actor, message, data: handling.assign(
            actor,
            message,
            data["unit"],
            data["note"],
            shares_contact=data["shares_contact"],
        ),
        "已交办给{unit}，对方会收到通知。",
        our.AssignForm,
        "交给承办单位",
        folded_in=frozenset({State.ASSIGNED, State.SUPERVISED}),
        initial=lambda m: {"unit": m.unit_id, "shares_contact": m.shares_contact},
    ),
    Action(
        Deed.REPORT,
        "报告落实情况",
        lambda actor, message, data: handling.report(actor, message, data["text"]),
        "已报告，等待督查。",
        our.ReportForm,
        "报告落实情况",
    ),
    Action(
        Deed.SUPERVISE_PASS,
        "督查通过",
        lambda actor, message, data: handling.supervise_pass(actor, message, data["note"]),
        "督查通过。接下来请起草答复。",
        our.NoteForm,
        "督查",
    ),
    Action(
        Deed.SUPERVISE_RETURN,
        "退回重办",
        lambda actor, message, data: handling.supervise_return(actor, message, data["reason"]),
        "已退回{unit}重办。",
        our.ReasonForm,
        "没有落实到位",
        is_main=False,
    ),
    Action(
        Deed.ANSWER,
        "送审答复",
        lambda actor, message, data: answering.draft_answer(actor, message, data["text"]),
        "答复已送审，由另一位同事审定。",
        our.AnswerForm,
        "写答复",
        folded_in=frozenset({State.ACCEPTED, State.DRAFTED}),
        initial=lambda m: {"text": m.answer},
    ),
    Action(
        Deed.APPROVE_ANSWER,
        "审定并答复",
        lambda actor, message, data: answering.approve_answer(actor, message),
        "已答复，留言人凭编号和查询码可以看到。",
        heading="审定答复",
    ),
    Action(
        Deed.RETURN_ANSWER,
        "退回答复",
        lambda actor, message, data: answering.return_answer(actor, message, data["reason"]),
        "已退回，起草人会收到通知。",
        our.ReasonForm,
        "答复要改",
        is_main=False,
    ),
    Action(
        Deed.ALLOW_EXTENSION,
        "同意延期",
        lambda actor, message, data: extensions.allow(actor, message),
        "已同意延期，答复期限到{due}。",
        heading="审定延期",
    ),
    Action(
        Deed.DENY_EXTENSION,
        "不同意延期",
        lambda actor, message, data: extensions.deny(actor, message, data["reason"]),
        "没有同意延期，按原期限办理。",
        our.ReasonForm,
        "不同意延期",
        is_main=False,
    ),
    Action(
        Deed.PREPARE_PUBLIC,
        "送审公开文字",
        lambda actor, message, data: publishing.prepare(actor, message, **data),
        "公开文字已送审，由另一位同事审定公开。",
        our.PublicForm,
        "起草公开文字",
        is_main=False,
        initial=publishing.suggestion,
    ),
    Action(
        Deed.PUBLISH,
        "公开",
        lambda actor, message, data: publishing.publish(actor, message),
        "已公开，网站上马上能看到。",
        heading="审定公开文字",
    ),
    Action(
        Deed.UNPUBLISH,
        "撤下公开",
        lambda actor, message, data: publishing.unpublish(actor, message, data["reason"]),
        "已撤下，网站上马上看不到了。",
        our.ReasonForm,
        "撤下公开的文字",
        is_main=False,
    ),
    Action(
        Deed.VERIFY_CONTACT,
        "记下已核实",
        lambda actor, message, data: contacts.record_verified(
            actor, message, data["how"], data["note"]
        ),
        "已记下：联系方式核实过了。",
        our.ContactForm,
        "核实联系方式",
        is_main=False,
    ),
    Action(
        Deed.ASK_EXTENSION,
        "申请延期",
        lambda actor, message, data: extensions.ask(actor, message, data["reason"]),
        "已申请延期，由另一位同事审定。",
        our.ReasonForm,
        "办不完，要延期",
        is_main=False,
    ),
    Action(
        Deed.MERGE,
        "合并",
        lambda actor, message, data: handling.merge(actor, message, data["number"]),
        "已合并，留言人会看到另一条的答复。",
        our.MergeForm,
        "和另一条是同一件事",
        is_main=False,
    ),
    Action(
        Deed.REFUSE,
        "不予受理",
        lambda actor, message, data: handling.refuse(actor, message, data["kind"], data["note"]),
        "已记下：不予受理，留言人会看到原因。",
        our.RefuseForm,
        "不予受理",
        is_main=False,
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}


def done_words(action: Action, message: Message) -> str:
    """What is said after ``action`` brought ``message`` on."""
    return action.done.format(due=_day(message.due_at), unit=message.unit or "承办单位")
