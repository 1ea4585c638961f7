"""What the tests of the screens share."""

from django.urls import reverse

READERS = (
    "editor",
    "reviewer_credible",
    "reviewer_readable",
    "reviewer_approachable",
    "publisher",
    "office",
    "administrator",
)
REPORT = reverse("rankings:overview")
REVIEW = reverse("rankings:review")


def text_of(response) -> str:
    return response.content.decode()


def refused(response) -> bool:
    """Wagtail sends people without the permission back to the dashboard."""
    return response.status_code == 302 and response.url == reverse("wagtailadmin_home")
