"""What a person typed into the editor, read from the posted form, valid or not."""

from functools import cached_property

from django.http import HttpRequest

from ..models import ArticlePage
from ..review.snapshots import FIELDS, snapshot

# Of the posted form these belong to that one request.
_OF_THE_REQUEST = ("csrfmiddlewaretoken", "loaded_revision_", "overwrite_revision_", "mine_counts")
_WORDS = ("title", "digest", "author", "editor_in_charge")


class Typed:
    """The posted form of one article; nothing of it is written anywhere."""

    def __init__(self, request: HttpRequest, article: ArticlePage):
        self._request = request
        self._article = article

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What can be posted again, as it came; which button was pressed is left out."""
        return [
            (name, value)
            for name, values in self._request.POST.lists()
            for value in values
            if not name.startswith((*_OF_THE_REQUEST, "action-"))
        ]

    @cached_property
    def article(self) -> ArticlePage:
        """The article as the form would make it, in memory; a field that is not valid is taken as
        it was typed where that is possible."""
        post, base = self._request.POST, self._article.get_latest_revision_as_object()
        form_class = base.get_edit_handler().get_form_class()
        form = form_class(
            post,
            self._request.FILES,
            instance=base,
            parent_page=base.get_parent(),
            for_user=self._request.user,
        )
        form.defer_required_fields()
        has_body = "body-count" in post  # the field itself takes that for granted
        if has_body and form.is_valid():
            return form.save(commit=False)
        for name in _WORDS:
            if name in post:
                setattr(base, name, post[name])
        if has_body:
            widget = form.fields["body"].widget
            base.body = widget.value_from_datadict(post, self._request.FILES, "body")
        return base

    @cached_property
    def lines(self) -> list[tuple[str, str]]:
        """``(name, words)`` of everything written, to be copied from."""
        shown = snapshot(self.article)
        fields = [
            (field.label, field.text)
            for field, name in zip(shown.fields, FIELDS, strict=True)
            if name in _WORDS and field.text
        ]
        body = "\n".join(part.text for part in shown.parts if part.text)
        return [*fields, ("正文", body)] if body else fields
