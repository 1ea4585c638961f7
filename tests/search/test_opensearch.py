"""OpenSearch without a server: what would be sent, and a small stand-in that answers by it."""

import io
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from modelsearch.index import get_indexed_models
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from articles.models import ArticlePage
from cms.ops.models import SearchIndex
from cms.search import building, opensearch, text
from cms.search.query import Every, Phrase, parse
from tests.factories.articles import ColumnFactory

from .articles import live_article

pytestmark = pytest.mark.django_db


class StandIn(BaseHTTPRequestHandler):
    """Keeps documents and finds those in which every phrase stands in one of its fields."""

    store: dict[str, dict]
    asked: list[tuple[str, str, object]]

    def log_message(self, *args):
        pass

    def _answer(self, value, status=200):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _handle(self):
        path = urlsplit(self.path).path
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        lines = [json.loads(line) for line in raw.splitlines() if line] if raw else []
        self.asked.append((self.command, path, lines))
        if path.endswith("_bulk"):
            for action, document in zip(lines[::2], lines[1::2], strict=True):
                index = action["index"].get("_index") or path.split("/")[1]
                self.store[f"{index}/{action['index']['_id']}"] = document
            self._answer({"errors": False, "items": []})
        elif "_search" in path or "_count" in path:
            hits = [
                {"_id": key, "_score": 1.0, "fields": {"pk": [document["pk"]]}}
                for key, document in sorted(self.store.items())
                if _matches(lines[0]["query"], document)
            ]
            self._answer({"count": len(hits), "hits": {"hits": hits}})
        elif "_alias" in path and self.command == "HEAD":
            self._answer({}, 404)
        else:
            self._answer({"acknowledged": True})

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _handle


def _matches(query, document) -> bool:
    (kind, value), *_ = query.items()
    if kind == "bool":
        must, should = value.get("must", []), value.get("should", [])
        must = must if isinstance(must, list) else [must]
        rules = value.get("filter", [])
        rules = rules if isinstance(rules, list) else [rules]
        return (
            all(_matches(part, document) for part in [*must, *rules])
            and (not should or any(_matches(part, document) for part in should))
            and not ("must_not" in value and _matches(value["must_not"], document))
        )
    if kind == "match":
        return value["_django_content_type"] in document["_django_content_type"]
    if kind == "multi_match":
        whole = " ".join(str(each) for each in document.values())
        title = document.get("title", "")
        return any(
            value["query"] in (title if field.startswith("title") else whole)
            for field in value["fields"]
        )
    return kind == "match_all"


@pytest.fixture
def server(settings):
    store, asked = {}, []
    handler = type("Handler", (StandIn,), {"store": store, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "cms.search.opensearch",
            "URLS": [f"http://127.0.0.1:{server.server_port}"],
            "INDEX_PREFIX": "test_",
        }
    }
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def column():
    return ColumnFactory(title="身边事")


def test_every_text_goes_through_our_analysers_and_none_needs_a_plugin():
    analysis = opensearch.SETTINGS["settings"]["analysis"]
    assert "icu" not in json.dumps(analysis)
    used = {name for each in analysis["analyzer"].values() for name in each["filter"]}
    assert used <= {*analysis["filter"], "cjk_width", "lowercase"}
    for model in get_indexed_models():
        mapping = opensearch.Mapping(model).get_mapping()["properties"]
        for name, field in mapping.items():
            if field["type"] == "text":
                assert field["search_analyzer"] == opensearch.ASKED, name
                assert field["analyzer"] in (opensearch.INDEXED, opensearch.BEGINNINGS), name


def test_documents_are_normalised_as_queries_are(column):
    article = live_article(
        column, "臺灣同胞來荷塘", paragraphs=("２０２６年，<b>5G</b>。",), tags=("荷花",)
    )
    document = opensearch.Mapping(ArticlePage).get_document(ArticlePage.objects.get(pk=article.pk))
    assert document["title"] == document["_edgengrams"][0] == "台湾同胞来荷塘"
    assert document["articles_articlepage__body"] == "2026年 b 5g b"
    assert document["articles_articlepage__tags"] == "荷花"
    assert document["first_published_at_filter"]
    assert text.joined("臺灣") in document["title"]


def test_the_body_of_a_query():
    assert opensearch.body(parse("下岗职工 5G").node, ["_all_text"]) == {
        "bool": {
            "must": [
                opensearch.body(Every((Phrase(("下", "岗")), Phrase(("职", "工")))), ["_all_text"]),
                {"multi_match": {"query": "5g", "type": "phrase", "fields": ["_all_text"]}},
            ]
        }
    }
    assert (
        opensearch.body(parse("荷塘 月色", operator="or").node, ["title"])["bool"][
            "minimum_should_match"
        ]
        == 1
    )


def test_the_public_search_and_the_admin_s_ask_the_server(server, column, client):
    pond = live_article(column, "荷塘月色", "2024-01-01")
    night = live_article(column, "散步", "2026-01-01", paragraphs=("去看荷塘。月色好。",))
    page = client.get("/search/", {"q": "荷塘月色"}).content.decode()
    assert page.index(pond.url) < page.index(night.url)
    assert [each.title for each in Page.objects.search("散步")] == ["散步"]
    assert [each.title for each in Page.objects.autocomplete("荷塘月")] == ["荷塘月色"]
    assert Page.objects.search("荷塘").count() == 2
    for hostile in ('"', "%", "😀", "AND"):
        list(Page.objects.search(hostile))
        list(Page.objects.autocomplete(hostile))
    sent = json.dumps([lines for _, path, lines in server.asked if "_search" in path])
    assert "query_string" not in sent, "nothing that has a language of its own"


def test_another_backend_means_a_new_index(server, column):
    live_article(column, "荷塘月色")
    server.store.clear()
    assert building.build_if_needed(using="default", out=io.StringIO())
    assert any("荷塘月色" in document.get("title", "") for document in server.store.values())
    assert SearchIndex.objects.get().backend == "cms.search.opensearch"
    puts = [lines[0] for method, _, lines in server.asked if method == "PUT" and lines]
    assert any(opensearch.INDEXED in json.dumps(sent) for sent in puts)
    assert not building.build_if_needed(using="default")


def test_a_server_that_is_down_stops_neither_the_start_nor_publishing(settings, column, client):
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {
            "BACKEND": "cms.search.opensearch",
            "URLS": ["http://127.0.0.1:9"],
            "OPTIONS": {"max_retries": 0},
        }
    }
    assert get_search_backend().catch_indexing_errors
    out = io.StringIO()
    assert not building.build_if_needed(using="default", out=out)
    assert "搜索服务连不上，索引没有重建" in out.getvalue()
    assert client.get("/search/", {"q": "荷塘"}).status_code == 503


def test_without_the_client_the_sentence_says_what_to_install():
    program = (
        "import sys; sys.modules['opensearchpy'] = None\n"
        "import django; django.setup()\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try:\n    import cms.search.opensearch\n"
        "except ImproperlyConfigured as error:\n    print(ascii(str(error)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "requirements-opensearch.txt" in done.stdout
