"""The three reviews in their fixed order."""

from django.db import models


class Dimension(models.TextChoices):
    """What a reviewer judges. The order of the members is the order of the reviews."""

    CREDIBLE = "credible", "可信"
    READABLE = "readable", "可读"
    APPROACHABLE = "approachable", "可亲"


# Keys of the roles in cms.users.roles whose members give each review.
ROLE_OF_DIMENSION = {
    Dimension.CREDIBLE: "reviewer_credible",
    Dimension.READABLE: "reviewer_readable",
    Dimension.APPROACHABLE: "reviewer_approachable",
}
