"""What the audit log calls the actions of this app."""

from .models import Deed

ACTION_LABELS = {
    **{f"feedback.{deed.value}": f"留言：{deed.label}" for deed in Deed},
    "feedback.overdue": "留言：超过答复期限",
    "feedback.place_save": "保存留言地点",
    "feedback.unit_save": "保存承办单位",
}
