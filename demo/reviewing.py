"""A filled review form, for texts that were made to pass."""

from wagtail.models import TaskState

from articles.review import checklists
from articles.review.answers import Answers


def complete_answers(task_state: TaskState) -> Answers:
    """Every question of the running review answered with yes, and no slip found."""
    task = task_state.task.specific
    questions = checklists.asked(getattr(task, "dimension", ""))
    return Answers(
        checklist=[{"code": q.code, "text": q.text, "answer": "yes", "note": ""} for q in questions]
    )
