"""A site for the measurements: people, pictures, many live articles, and some that are due."""

import io
import json
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, Revision

from articles import publishing
from articles.importing import import_past_article
from articles.models import ArticlePage, ColumnPage, HomePage, Push, SourceCitation
from articles.pushes import services as pushes
from articles.review import services
from cms.users.models import User
from cms.users.roles import BY_KEY
from cms.users.services import sync_roles
from demo.reviewing import complete_answers
from media.models import CustomImage, Licence

REVIEWERS = ("reviewer_credible", "reviewer_readable", "reviewer_approachable")
PARAGRAPH = "早上八点，社区的门开了，荷塘边的早市也热闹起来，办事的人排着队，窗口的同志一个个地问。"


class Site:
    """Fills the current database; every article has some 1,500 characters and three pictures."""

    def __init__(self) -> None:
        sync_roles()
        self.people = {key: self._person(key) for key in ("editor", *REVIEWERS, "publisher")}
        self.column = HomePage.objects.get().add_child(
            instance=ColumnPage(title="身边", slug="shenbian", description="说身边的事")
        )
        self.images = [self._image(number) for number in range(6)]
        self.pattern = import_past_article(
            None, self.column, self._article("往期 0"), timezone.now() - timedelta(days=900)
        )
        self.live = 1

    def grow(self, live: int) -> None:
        """Have ``live`` live articles: copies of one, added in bulk and indexed for search."""
        self.column.refresh_from_db()
        revision = self.pattern.live_revision
        places = enumerate(range(self.live, live), start=self.column.numchild + 1)
        pages = [self._page(number, place) for place, number in places]
        Page.objects.bulk_create(pages, batch_size=200)
        Page.objects.filter(pk=self.column.pk).update(numchild=self.column.numchild + len(pages))
        fields = [f.column for f in ArticlePage._meta.local_concrete_fields if not f.primary_key]
        columns = ", ".join(map(connection.ops.quote_name, fields))
        wanted = ", ".join(f"a.{connection.ops.quote_name(name)}" for name in fields)
        with connection.cursor() as cursor:
            cursor.execute(  # names of columns only
                f"INSERT INTO articles_articlepage (page_ptr_id, {columns}) "  # noqa: S608
                f"SELECT p.id, {wanted} FROM wagtailcore_page p, articles_articlepage a "
                "WHERE a.page_ptr_id = %s AND p.path >= %s AND p.path <= %s",
                [self.pattern.pk, pages[0].path, pages[-1].path],
            )
        Revision.objects.bulk_create(
            (
                Revision(
                    content_type=revision.content_type,
                    base_content_type=revision.base_content_type,
                    object_id=str(page.pk),
                    object_str=page.title,
                    created_at=page.first_published_at,
                    content={**revision.content, "pk": page.pk, "title": page.title},
                )
                for page in Page.objects.filter(path__gte=pages[0].path, path__lte=pages[-1].path)
            ),
            batch_size=200,
        )
        call_command("update_index", verbosity=0, stdout=io.StringIO())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        self.live = live

    def draft(self, title: str) -> ArticlePage:
        """A new article by the editor."""
        editor = self.people["editor"]
        article = self._article(title)
        article.owner, article.live = editor, False
        self.column.add_child(instance=article)
        article.save_revision(user=editor)
        return article

    def submit(self, title: str) -> ArticlePage:
        """A new article that waits for its first review."""
        article = self.draft(title)
        services.submit(self.people["editor"], article)
        return article

    def ready(self, title: str) -> ArticlePage:
        """A new article, through the three reviews by three people."""
        article = self.submit(title)
        for role in REVIEWERS:
            step = ArticlePage.objects.get(pk=article.pk).current_workflow_task_state
            services.approve(self.people[role], step, "同意", answers=complete_answers(step))
        return ArticlePage.objects.get(pk=article.pk)

    def schedule(self, title: str) -> ArticlePage:
        """As `ready`, and due in two seconds."""
        article = self.ready(title)
        publishing.schedule(
            self.people["publisher"], article, timezone.now() + timedelta(seconds=2)
        )
        return article

    def push(self, size: int) -> Push:
        """A push of ``size`` new articles, approved, with its minute in two seconds."""
        articles = [self.ready(f"推送 {number}") for number in range(size)]
        push = pushes.create(self.people["publisher"], articles)
        pushes.approve(self.people[REVIEWERS[-1]], push)
        pushes.commit(self.people["publisher"], push, timezone.now() + timedelta(seconds=2))
        return push

    def _article(self, title: str) -> ArticlePage:
        pictures = [
            {"type": "picture", "value": {"image": image.pk, "caption": "荷塘", "alt_text": ""}}
            for image in self.images[1:3]
        ]
        text = [{"type": "paragraph", "value": f"<p>{PARAGRAPH * 6}</p>"}] * 6
        article = ArticlePage(
            title=title,
            digest="一件身边的小事。",
            author="区融媒体中心",
            editor_in_charge="值班编辑",
            cover=self.images[0],
            body=json.dumps([*text, *pictures]),
        )
        article.sources = [SourceCitation(name="株洲日报", date=timezone.localdate())]
        return article

    def _page(self, number: int, position: int) -> Page:
        """A live page as the pattern's, at ``position`` among the column's children."""
        title, slug = f"往期 {number}", f"past-{number}"
        own = {
            "path": Page._get_path(self.column.path, self.column.depth + 1, position),
            "title": title,
            "draft_title": title,
            "slug": slug,
            "url_path": f"{self.column.url_path}{slug}/",
            "first_published_at": self.pattern.first_published_at + timedelta(minutes=number),
        }
        not_copied = {"id", "translation_key", "live_revision", "latest_revision", *own}
        same = {
            field.attname: getattr(self.pattern, field.attname)
            for field in Page._meta.local_concrete_fields
            if field.name not in not_copied
        }
        return Page(**same, **own)

    def _person(self, role: str) -> User:
        person = User.objects.create(username=role, display_name=role, email="")
        person.groups.add(Group.objects.get(name=BY_KEY[role].name))
        return person

    def _image(self, number: int) -> CustomImage:
        data = io.BytesIO()
        Image.new("RGB", (320, 240), (40 * number, 120, 90)).save(data, "JPEG")
        return CustomImage.objects.create(
            title=f"图 {number}",
            alt_text="荷塘里的一片荷叶",
            credit="区融媒体中心",
            licence=Licence.OWN,
            file=ImageFile(io.BytesIO(data.getvalue()), name=f"bench-{number}.jpg"),
        )
