"""Comments in the editor, by the same rule as on the desk."""

from typing import Any

from wagtail.admin.forms.comments import CommentForm, CommentFormSet
from wagtail.admin.panels import CommentPanel
from wagtail.models import COMMENTS_RELATION_NAME

from cms.ops import audit

from . import comments


class RuledCommentForm(CommentForm):
    """Wagtail lets every editor settle everybody's comments."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        settles = bool(self.instance.pk and cleaned.get("resolved")) and (
            self.instance.resolved_at is None
        )
        if settles and (
            refusal := comments.why_not_resolve(
                self.for_user, self.instance.page.specific, self.instance
            )
        ):
            self.add_error(None, refusal)
        return cleaned

    def save(self, *args: Any, **kwargs: Any) -> Any:
        was_open = self.instance.pk is not None and self.instance.resolved_at is None
        is_new = self.instance.pk is None
        comment = super().save(*args, **kwargs)
        if is_new:
            where = comments.where(comment.contentpath, comment.page.specific)
            detail = {"text": comment.text, "where": where}
            audit.record(self.for_user, "article.comment", comment.page, detail)
        elif was_open and comment.resolved_at is not None:
            detail = {"text": comment.text}
            audit.record(self.for_user, "article.comment_resolve", comment.page, detail)
        return comment


class RuledCommentPanel(CommentPanel):
    """Wagtail's comment panel with our rule."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][COMMENTS_RELATION_NAME].update(
            form=RuledCommentForm, formset=CommentFormSet
        )
        return options
