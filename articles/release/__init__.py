"""What happens around publication beyond the three reviews: 特急, 撤稿, 更正, the public date."""


def connect() -> None:
    """Listen to Wagtail's publishing and unpublishing; called once, when the app is ready."""
    from wagtail.signals import page_published, page_unpublished

    from ..models import ArticlePage
    from ..review import deadlines
    from . import urgent, withdrawal

    for name, module in (("urgent", urgent), ("withdrawal", withdrawal)):
        page_published.connect(
            module.on_published, sender=ArticlePage, dispatch_uid=f"release.{name}.published"
        )
    for signal in (page_published, page_unpublished):
        signal.connect(deadlines.end_plan, sender=ArticlePage, dispatch_uid="release.plan")
    page_unpublished.connect(
        withdrawal.on_unpublished, sender=ArticlePage, dispatch_uid="release.unpublished"
    )
