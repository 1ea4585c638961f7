"""Forms of what is done to a message, and of places, units and handing over."""

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from cms.users.holders import holders
from cms.users.models import User

from ..access import CARRY_OUT, HANDLE
from ..models import (
    Category,
    ContactCheck,
    Difficulty,
    Level,
    Message,
    Place,
    RefusalKind,
    Unit,
)
from ..services.contacts import BY_HAND


def _text(label: str, refusal: str, help_text: str = "", rows: int = 4, most: int = 3000) -> Any:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={"required": refusal},
    )


class AcceptForm(forms.Form):
    category = forms.ChoiceField(
        label="类别", choices=Category.choices, help_text="留言人选错了类别，在这里改过来。"
    )
    difficulty = forms.ChoiceField(
        label="难度",
        choices=Difficulty.choices,
        help_text="疑难留言期限较长，一般是要几个部门一起办的事。",
    )


class RefuseForm(forms.Form):
    kind = forms.ChoiceField(
        label="原因",
        choices=[("", "请选择"), *RefusalKind.choices],
        error_messages={"required": "请选择不予受理的原因。"},
    )
    note = forms.CharField(
        label="给留言人的说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="留言人会看到，例如应当找哪个部门。",
    )


class MergeForm(forms.Form):
    number = forms.CharField(
        label="并入哪一条",
        max_length=20,
        help_text="填另一条留言的编号，例如 20261124-0007。两条留言看到同一个答复。",
        error_messages={"required": "请填另一条留言的编号。"},
    )

    def clean_number(self) -> Message:
        found = Message.objects.filter(number=self.cleaned_data["number"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有这个编号的留言，请核对后再填。")
        return found


class AssignForm(forms.Form):
    unit = forms.ModelChoiceField(
        label="承办单位",
        queryset=Unit.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择承办单位。"},
    )
    note = forms.CharField(
        label="交办意见",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shares_contact = forms.BooleanField(
        label="承办单位需要联系留言人",
        required=False,
        help_text="勾选后，承办单位在办理期间能看到称呼和联系方式。用不着就不要勾选。",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True)


class ReportForm(forms.Form):
    text = _text("落实情况", "请写清楚做了什么、结果怎样。", "什么时候、谁、做了什么、结果怎样。")


class NoteForm(forms.Form):
    note = forms.CharField(
        label="督查意见",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="怎样核实的，例如到现场看过、给留言人打过电话。",
    )


class ReasonForm(forms.Form):
    reason = _text("原因", "请写明原因。", rows=2, most=200)


class AnswerForm(forms.Form):
    text = _text(
        "答复", "请写答复。", "审定后留言人能看到。说清楚办了什么，没办成的说明为什么。", rows=8
    )


class ContactForm(forms.Form):
    how = forms.ChoiceField(
        label="怎样核实的",
        choices=[(kind.value, kind.label) for kind in BY_HAND],
        initial=ContactCheck.CALLED,
    )
    note = forms.CharField(label="备注", required=False, max_length=200)


class PublicForm(forms.Form):
    title = forms.CharField(
        label="公开标题", max_length=60, error_messages={"required": "请写公开标题。"}
    )
    question = _text(
        "公开的留言",
        "请写公开的留言。",
        "姓名、电话、证件号、门牌号已自动遮盖。自动遮盖会有遗漏，请逐字看一遍。",
        rows=6,
    )
    answer = _text("公开的答复", "请写公开的答复。", rows=6)


class HandOverForm(forms.Form):
    giver = forms.ModelChoiceField(
        label="谁的",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择要移交的人。"},
    )
    taker = forms.ModelChoiceField(
        label="交给谁",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择接手的人。"},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # A leaver's account may be switched off already.
        handled = User.objects.filter(feedback_handled__isnull=False)
        givers = handled | User.objects.filter(feedback_units__isnull=False)
        self.fields["giver"].queryset = givers.distinct().order_by("display_name")
        takers = holders(HANDLE, superusers=False) | holders(CARRY_OUT, superusers=False)
        self.fields["taker"].queryset = takers.distinct().order_by("display_name")


class PlaceForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", "请选择"), *Level.choices]
        self.fields["parent"].queryset = Place.objects.exclude(level=Level.COMMUNITY)
        self.fields["parent"].empty_label = "没有上级"


class UnitForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = holders(CARRY_OUT, superusers=False)
        if self.instance.pk:
            people = people | User.objects.filter(feedback_units=self.instance)
        self.fields["people"].queryset = people.distinct().order_by("display_name")

    def clean_people(self) -> Any:
        people = self.cleaned_data["people"]
        for person in people:
            if not person.has_perm(CARRY_OUT):
                raise forms.ValidationError(f"{person}没有“承办单位”角色，请先在用户里给他。")
        return people
