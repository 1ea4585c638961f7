"""Forms of the queue's screens."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from cms.users.models import User

from ..models import Priority, ReviewTask
from ..review import deputies, reviewers


class PlanForm(forms.Form):
    """By when the reviews of an article should be done, and what goes first."""

    due_at = forms.DateTimeField(
        label="截稿",
        required=False,
        widget=AdminDateTimeInput(),
        help_text="三审都应在这之前完成。不填时，每一审按规定的时间计算。",
        error_messages={"invalid": "时间格式不对，请写成 2026-12-01 17:30 这样。"},
    )
    priority = forms.TypedChoiceField(
        label="缓急", choices=Priority.choices, coerce=int, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="给审核人的话",
        required=False,
        max_length=200,
        help_text="例如：区运会开幕当天要用。",
    )


class PersonChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj}（{obj.office}）" if obj.office else str(obj)


class DeputationForm(forms.Form):
    """Whose review, by whom, on which days. A member asks for their own, an administrator for all.

    ``review`` is one choice of person and dimension, so that only reviews that somebody gives can
    be chosen.
    """

    review = forms.ChoiceField(
        label="代谁的哪一审", error_messages={"required": "请选择由谁的哪一审需要代审。"}
    )
    deputy = PersonChoiceField(
        label="代审人",
        queryset=User.objects.none(),
        empty_label="请选择",
        help_text="能查看稿件的同事。写过某一稿或审过另一审的人，仍不能审那一稿。",
        error_messages={
            "required": "请选择代审人。",
            "invalid_choice": "这位同事不能代审，请从列表中选择。",
        },
    )
    starts_on = forms.DateField(
        label="从",
        widget=AdminDateInput(),
        error_messages={
            "required": "请填写开始日期。",
            "invalid": "日期格式不对，请写成 2026-12-01 这样。",
        },
    )
    ends_on = forms.DateField(
        label="到（含当天）",
        widget=AdminDateInput(),
        help_text=f"一次最长{deputies.LONGEST}天，到期自动结束。",
        error_messages={
            "required": "请填写结束日期。",
            "invalid": "日期格式不对，请写成 2026-12-05 这样。",
        },
    )
    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="例如：出差、休假、培训。",
        error_messages={"required": "请写明代审的原因，例如“出差”。"},
    )

    def __init__(self, actor: User, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people: dict[str, tuple[str, User]] = {}
        tasks = {task.pk: task for task in ReviewTask.objects.filter(active=True)}
        for task, admitted in reviewers.of_tasks(tasks.values()).items():
            for reviewer in admitted:
                person, dimension = reviewer.person, tasks[task].dimension
                if reviewer.deputation is None and (
                    person == actor or actor.has_perm(deputies.MANAGE)
                ):
                    self.people[f"{dimension}-{person.pk}"] = (dimension, person)
        self.fields["review"].choices = [
            (key, f"{person} 的{deputies.Dimension(dimension).label}审核")
            for key, (dimension, person) in self.people.items()
        ]
        self.fields["deputy"].queryset = (
            deputies.draft_readers().exclude(pk=actor.pk).order_by("display_name", "pk")
        )

    @property
    def chosen(self) -> tuple[str, User]:
        """Dimension and person of the valid form."""
        return self.people[self.cleaned_data["review"]]
