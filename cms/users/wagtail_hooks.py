"""Where accounts meet Wagtail's admin."""

from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages

from . import keeping
from .models import User


@hooks.register("before_edit_user")
def leave_superusers_to_superusers(request, user):
    if user.is_superuser and not request.user.is_superuser:
        messages.error(request, f"{user}是超级用户，只能由超级用户修改。")
        return redirect("wagtailusers_users:index")


@hooks.register("before_delete_user")
def say_why_kept(request, user):
    if refusal := keeping.why_not_delete(user):
        messages.error(request, refusal)
        return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_bulk_action")
def say_why_some_are_kept(request, action_type, objects, action):
    if action_type != "delete" or action.model is not User:
        return None
    refusals = [refusal for user in objects if (refusal := keeping.why_not_delete(user))]
    if not refusals:
        return None
    for refusal in refusals:
        messages.error(request, refusal)
    return redirect("wagtailusers_users:index")
