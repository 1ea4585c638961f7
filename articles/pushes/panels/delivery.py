"""送到微信: how far the push is, what a person has to decide, and saying that it was sent."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.forms import Media
from django.utils import timezone

from ...models import Delivery, DeliveryStage, Push, PushSettings
from ...wechat import preview
from ...wechat.account import is_configured
from ...wechat.delivery import services as deliveries
from ...wechat.errors import WeChatError
from .. import registering, services, way
from ..forms import AddressesForm, MassSendForm, PreviewForm, SentForm
from ..refusals import PushRefused
from .base import PushDesk, PushPanel

BACK_OFFICE = "https://mp.weixin.qq.com/"
READ_CALLS = "articles.view_wechatcall"
_BY_US = (DeliveryStage.SENDING, DeliveryStage.CONFIRMING, DeliveryStage.PUBLISHING)


class DeliveryPanel(PushPanel):
    """The way to WeChat; whoever may not deliver sees how far it is."""

    name = "delivery"
    template_name = "articles/admin/pushes/panels/delivery.html"
    actions = {
        "deliver": "deliver",
        "deliver_anew": "deliver_anew",
        "retry_delivery": "retry",
        "overwrite": "overwrite",
        "keep_draft": "keep",
        "preview": "preview",
        "mass_send": "mass_send",
        "permanent_link": "permanent_link",
        "register_sent": "register_sent",
        "register_addresses": "register_addresses",
    }
    media = Media(js=["articles/pushes-delivery.js"])

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        initial = {"at": _likely_moment(desk.push)}
        self.sent_form = SentForm(desk.titles, initial=initial, auto_id="sent_%s")
        self.addresses_form = AddressesForm(desk.titles, self.known, auto_id="addresses_%s")
        self.send_form = MassSendForm(auto_id="mass_send_%s")
        self.preview_form = PreviewForm(auto_id="preview_%s")

    @cached_property
    def delivery(self) -> Delivery | None:
        return way.delivery_of(self.push)

    @cached_property
    def known(self) -> dict[int, str]:
        """The articles' addresses in WeChat by id, empty where none is known."""
        return {each.article.pk: each.member.wechat_url for each in self.desk.loaded}

    def context(self) -> dict[str, Any] | None:
        push, delivery, user = self.push, self.delivery, self.desk.user
        was_ready = push.approved_at or push.published_at or push.sent_at
        if not (delivery or was_ready) or (push.dissolved_at and not delivery):
            return None
        is_over = bool(push.sent_at or push.dissolved_at)
        may = user.has_perm(deliveries.DELIVER) and not push.dissolved_at
        is_connected = is_configured()
        # A draft, an article on the mirror, or text that was copied: all of it may be out by now.
        may_be_out = not is_connected or push.published_at or (delivery and delivery.media_id)
        is_unknown = not all(self.known.values())
        context = {
            **progress(push),
            "is_configured": is_connected,
            "may": may and not is_over,
            "may_read_calls": delivery and user.has_perm(READ_CALLS),
            "back_office": settings.WECHAT_API_BASE if settings.DEMO else BACK_OFFICE,
            "sent_form": self.sent_form if may and may_be_out and not is_over else None,
            "addresses_form": self.addresses_form if may and push.sent_at and is_unknown else None,
        }
        if not is_over:
            context |= self._to_do(delivery) | self._sending(delivery)
        return context

    def _to_do(self, delivery: Delivery | None) -> dict[str, Any]:
        """Whether the push may be sent to WeChat now, or its draft brought up to date."""
        is_outdated = delivery is not None and deliveries.is_outdated(delivery)
        is_busy = delivery is not None and delivery.stage in _BY_US
        wanted = not is_busy and (delivery is None or is_outdated)
        return {
            "is_outdated": is_outdated,
            "may_deliver": wanted and not services.why_not_deliver(self.push, self.desk.loaded),
        }

    def _sending(self, delivery: Delivery | None) -> dict[str, Any]:
        """What can be done with a draft that lies in the box."""
        if delivery is None or delivery.stage != DeliveryStage.DELIVERED:
            return {}
        if deliveries.is_gone(delivery) or not self.desk.user.has_perm(deliveries.DELIVER):
            return {}
        readers = self.preview_form.fields["reader"].queryset
        may_send = PushSettings.load().allow_mass_send and self.desk.user.has_perm(
            deliveries.MASS_SEND
        )
        return {
            "preview_form": self.preview_form if readers else None,
            "has_draft": True,
            "why_no_link": deliveries.why_no_draft(delivery, self.desk.loaded),
            "send_form": self.send_form if may_send else None,
            "obstacles": deliveries.obstacles_to_sending(delivery, self.desk.loaded)
            if may_send
            else [],
        }

    def deliver(self) -> str:
        deliveries.deliver(self.desk.user, self.push)
        return "开始送往微信。可以离开这一页，送到了或没有成功都会通知。"

    def deliver_anew(self) -> str:
        deliveries.deliver_anew(self.desk.user, self.push)
        return "开始重新送一份草稿。"

    def retry(self) -> str:
        deliveries.retry(self.desk.user, self.push)
        return "正在重试。"

    def overwrite(self) -> str:
        deliveries.overwrite(self.desk.user, self.push)
        return "正在用审定的文字覆盖后台的改动。"

    def keep(self) -> str:
        deliveries.keep(self.desk.user, self.push)
        return "已保留后台的改动，草稿不再更新。"

    def preview(self) -> str:
        self.preview_form = PreviewForm(self.desk.request.POST, auto_id="preview_%s")
        reader = self.valid(self.preview_form).cleaned_data["reader"]
        try:
            preview.send_preview(self.desk.user, self.push, reader)
        except WeChatError as error:
            raise PushRefused(f"预览没有发出：{error.sentence}") from error
        return f"预览已发到{reader}的微信，请在手机上打开公众号查看。"

    def mass_send(self) -> str:
        self.send_form = MassSendForm(self.desk.request.POST, auto_id="mass_send_%s")
        typed = self.valid(self.send_form).cleaned_data["typed"]
        deliveries.mass_send(self.desk.user, self.push, typed)
        return "已提交群发，结果出来后显示在这里。"

    def permanent_link(self) -> str:
        deliveries.permanent_link(self.desk.user, self.push)
        return "已提交，永久链接生成后显示在每篇文章下面。"

    def register_sent(self) -> str:
        self.sent_form = SentForm(self.desk.titles, self.desk.request.POST, auto_id="sent_%s")
        form = self.valid(self.sent_form)
        registering.register_sent(self.desk.user, self.push, form.cleaned_data["at"], form.texts())
        return "已登记发出。"

    def register_addresses(self) -> str:
        self.addresses_form = AddressesForm(
            self.desk.titles, self.known, self.desk.request.POST, auto_id="addresses_%s"
        )
        form = self.valid(self.addresses_form)
        registering.register_addresses(self.desk.user, self.push, form.texts())
        return "已登记地址。"


def progress(push: Push) -> dict[str, Any]:
    """What the part of the panel shows that is looked at anew while a delivery is under way.

    ``state`` changes when there is something else to see or to press than before.
    """
    delivery = way.delivery_of(push)
    moving = delivery is not None and not push.sent_at and way.is_moving(delivery)
    seen = (
        delivery and delivery.stage,
        delivery and delivery.failed_at,
        delivery and bool(delivery.drift),
        delivery and deliveries.is_gone(delivery),
        push.sent_at,
    )
    # While it is under way the stages come one after the other, and only that.
    state = "moving" if moving and delivery.stage not in _BY_US else repr(seen)
    return {
        "push": push,
        "delivery": delivery,
        "stations": way.stations(push),
        "is_moving": moving,
        "is_waiting": moving and way.is_waiting(delivery),
        "has_progress": moving and way.has_progress(delivery),
        "is_asking": delivery is not None and deliveries.is_asking(delivery),
        "is_gone": delivery is not None and deliveries.is_gone(delivery),
        "told": way.told(delivery) if delivery else [],
        "changes": [way.place_of(change) for change in delivery.drift] if delivery else [],
        "state": state,
    }


def _likely_moment(push: Push) -> Any:
    """When the push was sent if it was sent as planned, else now; seconds are nobody's matter."""
    now = timezone.localtime()
    if push.go_live_at and push.go_live_at <= now:
        return timezone.localtime(push.go_live_at)
    return now.replace(second=0, microsecond=0)
