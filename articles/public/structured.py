"""What a page is, in the words of schema.org: values of plain types, written as JSON-LD.

Nothing is made up: what is not known is left out.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urljoin

from django.utils import timezone

from ..models import ArticlePage, ColumnPage, Kind
from .changes import changed_at

CONTEXT = "https://schema.org"
LANGUAGE = "zh-CN"


def known(**facts: Any) -> dict[str, Any]:
    """``facts`` without the empty ones; a leading ``at_`` is written as ``@``."""
    return {
        f"@{name[3:]}" if name.startswith("at_") else name: value
        for name, value in facts.items()
        if value not in (None, "", [], {})
    }


def publisher(site: Any) -> dict[str, Any]:
    """Who keeps the site: the sponsor where it is named, else the site by its own name."""
    identity = site.identity
    sponsor = getattr(identity, "sponsor", "")
    return known(
        at_type="GovernmentOrganization" if sponsor else "Organization",
        at_id=f"{site.url}/#publisher",
        name=sponsor or site.name,
        url=f"{site.url}/",
        telephone=getattr(identity, "phone", ""),
        email=getattr(identity, "email", ""),
        address=getattr(identity, "address", ""),
    )


def website(site: Any, tagline: str = "") -> dict[str, Any]:
    """The site, and how it is searched."""
    return known(
        at_type="WebSite",
        at_id=f"{site.url}/#website",
        name=site.name,
        url=f"{site.url}/",
        description=getattr(site.identity, "description", "") or tagline,
        inLanguage=LANGUAGE,
        publisher={"@id": f"{site.url}/#publisher"},
        potentialAction={
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{site.url}/search/?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    )


def breadcrumbs(site: Any, steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: ``(name, path)`` pairs below the front page."""
    trail = [(site.name, "/"), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": urljoin(f"{site.url}/", path),
            }
            for position, (name, path) in enumerate(trail, start=1)
        ],
    }


def of_home(site: Any, tagline: str) -> dict[str, Any]:
    return _graph(website(site, tagline), publisher(site))


def of_column(site: Any, column: ColumnPage, path: str) -> dict[str, Any]:
    page = known(
        at_type="CollectionPage",
        name=column.title,
        description=column.description,
        keywords=column.keywords,
        url=urljoin(f"{site.url}/", path),
        inLanguage=LANGUAGE,
        isPartOf={"@id": f"{site.url}/#website"},
    )
    return _graph(page, breadcrumbs(site, [(column.title, path)]))


def of_article(
    site: Any,
    article: ArticlePage,
    path: str,
    column: tuple[str, str] | None,
    tags: Sequence[Any] = (),
    share: Any = None,
) -> dict[str, Any]:
    """``column`` is its title and path; ``share`` the rendition of the share card."""
    url = urljoin(f"{site.url}/", path)
    source = article.sources.first() if article.kind == Kind.REPOST else None
    news = known(
        at_type="NewsArticle",
        mainEntityOfPage=url,
        url=url,
        headline=article.title,
        description=article.digest,
        inLanguage=LANGUAGE,
        datePublished=_moment(article.first_published_at),
        dateModified=_moment(changed_at(article)),
        # A person or an office: the byline does not tell which.
        author=known(name=article.author),
        editor=known(at_type="Person", name=article.editor_in_charge)
        if article.editor_in_charge
        else None,
        publisher=publisher(site),
        articleSection=column[0] if column else "",
        keywords=[tag.name for tag in tags],
        image=_picture(site, share),
        isBasedOn=source and (source.url or known(at_type="CreativeWork", name=source.name)),
        isAccessibleForFree=True,
    )
    steps = [column] if column else []
    return _graph(news, breadcrumbs(site, [*steps, (article.title, path)]))


def _graph(*things: dict[str, Any]) -> dict[str, Any]:
    return {"@context": CONTEXT, "@graph": list(things)}


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def _picture(site: Any, share: Any) -> dict[str, Any] | None:
    if not share:
        return None
    return {
        "@type": "ImageObject",
        "url": urljoin(f"{site.url}/", share.url),
        "width": share.width,
        "height": share.height,
    }
