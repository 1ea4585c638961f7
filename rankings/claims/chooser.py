"""The block with which an article takes a claim."""

from django.utils.functional import cached_property
from wagtail.blocks import ChooserBlock


class ClaimChooserBlock(ChooserBlock):
    """Chooses among the claims that hold; one that failed later stays chosen and is told so.

    Blocks are made before models are loaded: the model and the widget come when first asked for.
    """

    @cached_property
    def target_model(self):
        from ..models import Claim

        return Claim

    @cached_property
    def widget(self):
        from ..views.claims.chooser import claim_chooser_viewset

        return claim_chooser_viewset.widget_class()

    class Meta:
        icon = "check"
