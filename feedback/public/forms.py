"""The forms of residents. What is wrong is said in sentences that tell what to do."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from articles.models import ArticlePage

from ..models import Category, FeedbackSettings, Level, Place, Satisfaction
from . import texts
from .tokens import Token, is_answer, question

NOWHERE = "不填"
# A name that programs like to fill in; people do not see the field.
HONEYPOT = "website"


class Line(forms.CharField):
    """One line of text, cleaned as `texts.line` does."""

    def __init__(self, *, label: str, most: int, **options: Any) -> None:
        super().__init__(label=label, **options)
        self.most = most

    def to_python(self, value: Any) -> str:
        return texts.line(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if (more := len(value) - self.most) > 0:
            raise ValidationError(
                f"{self.label}有 {len(value)} 个字，最多 {self.most} 个，请删去 {more} 个字。"
            )


class Paragraphs(Line):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return texts.paragraphs(forms.CharField.to_python(self, value))


class FeedbackForm(forms.Form):
    """A new message. ``token`` decides the small question, which is asked only if ``is_busy``."""

    use_required_attribute = False

    category = forms.ChoiceField(
        label="类别",
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择类别。", "invalid_choice": "请选择类别。"},
    )
    title = Line(
        label="标题",
        most=60,
        help_text="一句话说清楚是什么事，60 个字以内。",
        error_messages={"required": "请写标题，一句话说清楚是什么事。"},
    )
    text = Paragraphs(
        label="内容",
        most=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="什么时候、在哪里、是什么情况、希望怎样解决。最多 3000 个字。",
        error_messages={"required": "请写内容：什么时候、在哪里、是什么情况。"},
    )
    place = forms.TypedChoiceField(
        label="地点",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="事情在哪个街道、社区。不清楚社区，就选街道。",
        error_messages={"invalid_choice": "这个地点现在不能选，请重新选择。"},
    )
    name = Line(
        label="称呼",
        most=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="只给办理人员看，不公开。",
    )
    contact = Line(
        label="手机、座机或邮箱",
        most=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="情况不清楚时用来问您，不公开。",
    )
    is_public_wish = forms.BooleanField(
        label="办结后可以公开：隐去个人信息，经审定后登在网站上",
        required=False,
    )
    consent = forms.BooleanField(
        error_messages={"required": "请先勾选同意，我们才能办理这条留言。"}
    )
    website = forms.CharField(
        label="请把这一栏空着",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    answer = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text="现在留言的人多，答对这道小题再提交，可以填数字。",
        error_messages={"max_length": "请填一个数。"},
    )

    def __init__(self, *args: Any, token: Token, is_busy: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["consent"].label = FeedbackSettings.load().consent
        self.places = list(Place.objects.active().in_order())
        self.fields["place"].choices = place_choices(self.places)
        if not is_busy:
            del self.fields["answer"]
        self.renew(token)

    def renew(self, token: Token) -> None:
        """Go on with another token, and another question."""
        self.token = token
        if "answer" in self.fields:
            self.fields["answer"].label = question(token)

    @property
    def is_trapped(self) -> bool:
        """Whether something was written where nobody should."""
        return bool(self[HONEYPOT].value())

    def clean_website(self) -> str:
        if self.cleaned_data[HONEYPOT]:
            raise ValidationError("这一栏请空着：删去里面的字，再提交一次。")
        return ""

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if not contact:
            return ""
        if plain := texts.phone(contact):
            return plain
        try:
            validate_email(contact)
        except ValidationError:
            raise ValidationError(
                "看不出是手机、座机还是邮箱，请检查一下，例如 13800000000、"
                "0731-28000000 或 name@example.com。"
            ) from None
        return contact

    def clean_answer(self) -> str:
        if not is_answer(self.token, self.cleaned_data["answer"]):
            raise ValidationError(f"答案不对，请再算一次：{question(self.token)}")
        return ""

    def clean_place(self) -> Place | None:
        wanted = self.cleaned_data["place"]
        return next((place for place in self.places if place.pk == wanted), None)


def place_choices(places: Sequence[Place]) -> list[tuple[Any, Any]]:
    """Streets as groups of themselves and their communities; the district before them."""
    of_level = {level: [each for each in places if each.level == level] for level in Level}
    choices: list[tuple[Any, Any]] = [("", NOWHERE)]
    choices += [(each.pk, f"{each.name}（全区）") for each in of_level[Level.DISTRICT]]
    for street in of_level[Level.STREET]:
        below = [
            (each.pk, each.name)
            for each in of_level[Level.COMMUNITY]
            if each.parent_id == street.pk
        ]
        choices.append((street.name, [(street.pk, f"{street.name}（不清楚社区）"), *below]))
    return choices


def article_of(typed: str) -> ArticlePage | None:
    """The live article of that number, if there is one."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    return ArticlePage.objects.live().filter(pk=int(typed)).defer_streamfields().first()


class TrackForm(forms.Form):
    """What finds a message again."""

    use_required_attribute = False

    number = Line(
        label="编号",
        most=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text="例如 20261124-0007",
        error_messages={"required": "请填编号。"},
    )
    code = Line(
        label="查询码",
        most=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="提交留言时给您的 12 位字母和数字，例如 K7QM-2XFD-93RT",
        error_messages={"required": "请填查询码。"},
    )


class RatingForm(forms.Form):
    """What the sender thinks of the answer."""

    use_required_attribute = False

    satisfaction = forms.ChoiceField(
        label="您对答复满意吗？",
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择满意、基本满意或不满意。",
            "invalid_choice": "请选择满意、基本满意或不满意。",
        },
    )
    comment = Paragraphs(
        label="想说的话",
        most=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="最多 300 个字，只给办理人员看。",
    )
