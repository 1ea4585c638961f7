"""The demo's articles: from the data files into pages, by the services an installation uses."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone

from articles import publishing
from articles.importing import import_past_article
from articles.models import ArticlePage, ColumnPage, HomePage, SourceCitation
from articles.review import services
from cms.users.models import User
from media.models import CustomDocument, CustomImage, Licence
from rankings.models import Claim

from .content import pictures
from .reviewing import complete_answers

CONTENT = Path(__file__).parent / "content"

# How far each unfinished article is taken: the reviews already given, in order.
REVIEWS_GIVEN = {"draft": None, "credible": 0, "readable": 1, "approachable": 2, "ready": 3}
REVIEWERS = ("reviewer_credible", "reviewer_readable", "reviewer_approachable")


class Posts:
    """Loads columns, pictures and articles; keeps what the files refer to by key."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.images: dict[str, CustomImage] = {}
        self.columns: dict[str, ColumnPage] = {}
        self.articles: dict[str, ArticlePage] = {}
        self.documents: dict[str, CustomDocument] = {}

    def load_pictures(self) -> int:
        """Draw every picture once and add it to the library."""
        for key, about in pictures.PICTURES.items():
            image = CustomImage(
                title=about["title"],
                alt_text=about["alt"],
                credit=about["credit"],
                licence=Licence.OWN,
                is_machine_made=True,
                uploaded_by_user=self.people["editor"],
            )
            image.file = ImageFile(BytesIO(pictures.draw(key)), name=f"demo-{key}.jpg")
            image.save()
            self.images[key] = image
        return len(self.images)

    def load_past(self) -> int:
        """The columns with their past articles, oldest first: related ones are older."""
        files = [json.loads(f.read_text()) for f in sorted((CONTENT / "articles").glob("*.json"))]
        home = HomePage.objects.get()
        for file in sorted(files, key=lambda f: f["column"]["order"]):
            about = file["column"]
            column = ColumnPage(
                title=about["name"],
                slug=about["key"],
                description=about["description"],
                keywords=about["keywords"],
                column_type=about["column_type"],
            )
            home.add_child(instance=column)
            column.save_revision(user=self.people["administrator"]).publish(
                user=self.people["publisher"]
            )
            self.columns[about["key"]] = column
        entries = [entry for file in files for entry in file["articles"]]
        for entry in sorted(entries, key=lambda e: e["date"]):
            article = self.build(entry)
            import_past_article(
                self.people["administrator"],
                self.columns[entry["column"]],
                article,
                datetime.fromisoformat(entry["date"]),
            )
            self.articles[entry["key"]] = article
        return len(self.articles)

    def load_unfinished(self) -> int:
        """Articles in every stage of review, brought there by the people whose part it is."""
        entries = json.loads((CONTENT / "workbench.json").read_text())["articles"]
        times = iter(_times())
        for entry in entries:
            writer = self.people["editor_2" if entry["column"] == "qunli" else "editor"]
            article = self.build(entry)
            article.owner = writer
            article.live = False
            scheduled = entry["state"] == "scheduled"
            at = next(times) if scheduled else None
            article.planned_for = (at or timezone.localtime() + timedelta(days=3)).date()
            self.columns[entry["column"]].add_child(instance=article)
            article.save_revision(user=writer, log_action=True)
            given = 3 if scheduled else REVIEWS_GIVEN[entry["state"]]
            self.articles[entry["key"]] = article
            if given is None:
                continue
            services.submit(writer, article)
            for role in REVIEWERS[:given]:
                step = ArticlePage.objects.get(pk=article.pk).current_workflow_task_state
                services.approve(self.people[role], step, "同意。", answers=complete_answers(step))
            if scheduled:
                publishing.schedule(self.people["publisher"], article, at)
        return len(entries)

    def build(self, entry: dict[str, Any]) -> ArticlePage:
        """An unsaved article from one entry of the data files."""
        article = ArticlePage(
            title=entry["title"],
            digest=entry["digest"],
            kind=entry["kind"],
            author=entry["author"],
            editor_in_charge=entry["editor"],
            cover=self.images[entry["cover"]],
            body=json.dumps([self._block(block) for block in entry["blocks"]]),
        )
        article.sources = [
            SourceCitation(
                name=s["name"],
                url=s["url"],
                date=date.fromisoformat(s["date"]) if s["date"] else None,
                sort_order=order,
            )
            for order, s in enumerate(entry["sources"])
        ]
        article.tags.add(*entry["tags"])
        return article

    def _block(self, block: dict[str, Any]) -> dict[str, Any]:
        """A block of the data files in the shape of `articles.blocks.BodyBlock`."""
        value = block["value"]
        match block["type"]:
            case "paragraph":
                return {"type": "paragraph", "value": value["html"]}
            case "subheading":
                return {"type": "subheading", "value": value["text"]}
            case "image":
                return {"type": "picture", "value": self._picture(value)}
            case "gallery":
                return {"type": "gallery", "value": [self._picture(p) for p in value["pictures"]]}
            case "list":
                return {"type": "items", "value": value}
            case "figure":
                return {"type": "figure", "value": {**value, "date": value["date"] or None}}
            case "quotation" | "service_card" | "table":
                return {"type": block["type"], "value": value}
            case "divider":
                return {"type": "divider", "value": None}
            case "attachment":
                document = self._document(value["title"])
                return {
                    "type": "attachment",
                    "value": {"document": document.pk, "title": value["title"]},
                }
            case "related":
                target = self.articles[value["key"]]
                return {"type": "related_article", "value": {"article": target.pk}}
            case "ranking_fact":
                return {"type": "ranking_fact", "value": _ranking_fact(value)}
            case unknown:
                raise ValueError(f"unknown block in the demo's data: {unknown}")

    def _picture(self, value: dict[str, str]) -> dict[str, Any]:
        return {
            "image": self.images[value["picture"]].pk,
            "caption": value["caption"],
            "alt_text": value["alt"],
        }

    def _document(self, title: str) -> CustomDocument:
        if title not in self.documents:
            text = f"{title}\n\n本文件为示例。\n\n□ 身份证原件\n□ 材料复印件一份\n□ 能接通的电话\n"
            document = CustomDocument(title=title, uploaded_by_user=self.people["editor"])
            name = f"demo-{len(self.documents) + 1}.txt"
            document.file = ContentFile(text.encode(), name=name)
            document.save()
            self.documents[title] = document
        return self.documents[title]


def _ranking_fact(value: dict[str, str]) -> dict[str, Any]:
    """The block as the editor would leave it: the sentence is written by the block itself."""
    from articles.blocks import RankingFactBlock

    claim = Claim.objects.holding().get(board__key=value["board"], account__key=value["account"])
    block = RankingFactBlock()
    clean = block.clean(block.to_python({"claim": claim.pk}))
    return {"claim": claim.pk, "sentence": clean["sentence"]}


def _times() -> list[datetime]:
    """When the scheduled articles go live: one soon, so that it can be watched, one tomorrow."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    tomorrow = (now + timedelta(days=1)).replace(hour=8, minute=30)
    return [now + timedelta(minutes=5), tomorrow]
