"""The description is valid and complete, and what is answered is what it says."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from rankings.api import urls
from rankings.api.schema import document, endpoints
from rankings.models import Claim
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db

PATHS = {
    "accounts/": {"q", "board", "confirmed", "page", "page_size"},
    "accounts/{key}/": {"key"},
    "boards/": {"example", "account", "page", "page_size"},
    "boards/{key}/": {"key"},
    "periods/": {"board", "since", "until", "page", "page_size"},
    "observations/": {
        "board", "account", "since", "until", "state", "status", "cursor", "page_size",
    },
    "streaks/": {"board", "account", "as_of", "page", "page_size"},
    "claims/": {"board", "account", "since", "until", "status", "page", "page_size"},
    "claims/{number}/": {"number"},
}  # fmt: skip


def complaints(schema: dict, answer: object) -> list[str]:
    """What of ``answer`` is not as ``schema`` says; its references point into the document."""
    whole = Resource.from_contents(document(), default_specification=DRAFT202012)
    rooted = json.loads(json.dumps(schema).replace('"#/components', '"urn:api#/components'))
    checker = Draft202012Validator(
        rooted,
        registry=Registry().with_resource("urn:api", whole),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [error.message for error in checker.iter_errors(answer)]


def test_the_check_itself_finds_what_is_wrong() -> None:
    schema = answer_schema("boards/{key}/")
    assert complaints(schema, {"key": 5})
    assert complaints(answer_schema("boards/"), {"count": 1, "results": [{"key": "a"}]})


def answer_schema(path: str) -> dict:
    operation = document()["paths"][f"/api/v1/{path}"]["get"]
    return operation["responses"]["200"]["content"]["application/json"]["schema"]


def test_the_description_is_valid_and_raises_no_warning(tmp_path) -> None:
    validate_schema(document())
    file = tmp_path / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", file
    )
    assert json.loads(file.read_text()) == json.loads(json.dumps(document()))


def test_every_endpoint_is_described_and_nothing_else() -> None:
    described = {path.removeprefix("/api/v1/") for path in document()["paths"]}
    assert described == set(PATHS)
    served = {
        str(each.pattern).replace("<slug:key>", "{key}").replace("<str:number>", "{number}")
        for each in urls.urlpatterns
    }
    assert served - {"", "schema/", "^(?P<rest>.*)$"} == described
    for methods in document()["paths"].values():
        assert set(methods) == {"get"}


@pytest.mark.parametrize("path", PATHS)
def test_parameters_answers_and_refusals_are_described_in_chinese(path: str) -> None:
    operation = document()["paths"][f"/api/v1/{path}"]["get"]
    parameters = {each["name"]: each for each in operation.get("parameters", ())}
    assert set(parameters) == PATHS[path]
    for name, each in parameters.items():
        assert any(char >= "\u4e00" for char in each["description"]), name
    assert {"200", "400", "429"} <= set(operation["responses"])
    assert ("404" in operation["responses"]) == ("{" in path)
    assert operation["summary"] and operation["description"]


def test_every_field_is_described() -> None:
    for name, component in document()["components"]["schemas"].items():
        for field, each in component.get("properties", {}).items():
            assert each.get("description"), f"{name}.{field}"


def test_the_examples_are_what_the_description_says() -> None:
    for path in PATHS:
        operation = document()["paths"][f"/api/v1/{path}"]["get"]
        content = operation["responses"]["200"]["content"]["application/json"]
        [example] = content["examples"].values()
        assert not complaints(content["schema"], example["value"]), path


def test_the_answers_are_what_the_description_says(ask, board, ours) -> None:
    ObservationFactory(
        board=board,
        account=ours,
        period="2019-08",
        method="13.0",
        figures={
            "max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"}
        },
    )
    ObservationFactory(board=board, account=None, period="2019-07", state="not_issued", rank=None)
    ObservationFactory(board=board, account=ours, period="2019-06", status="reported")
    ObservationFactory(
        board=board, account=AccountFactory(), period="2019-08", state="absent", rank=None,
        list_size=30,
    )  # fmt: skip
    ObservationFactory(board=BoardFactory(), period="2019-08-04/2019-08-10")
    claim = Claim.objects.create(
        number="JL-1", board=board, account=ours, proof="partial", start=Month(2019, 6).index,
        end=Month(2019, 8).index, length=3, text="一句话", frozen={}, frozen_sha256="0" * 64,
        status="review", public_note="记录有更正",
    )  # fmt: skip
    claim.observations.set(board.observations.all())
    asked = {
        "accounts/": {},
        "accounts/ours/": {},
        "boards/": {},
        "boards/county/": {},
        "periods/": {"board": "county"},
        "observations/": {},
        "streaks/": {"board": "county"},
        "claims/": {},
        "claims/JL-1/": {},
    }
    for (path, query), described in zip(asked.items(), PATHS, strict=True):
        answer = ask(path, **query)
        assert not complaints(answer_schema(described), answer), path
        results = answer.get("results", [answer])
        assert results
        properties = set(_fields(described))
        for each in results:
            assert set(each) == properties, path


def _fields(path: str) -> dict:
    schemas = document()["components"]["schemas"]

    def follow(schema: dict) -> dict:
        return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    answer = follow(answer_schema(path))["properties"]
    return follow(answer["results"]["items"])["properties"] if "results" in answer else answer


def test_the_schema_is_served_as_json(ask, client) -> None:
    assert ask("schema/")["openapi"] == "3.1.0"
    assert "公众号" in client.get("/api/v1/schema/").content.decode()


def test_the_page_for_people_lists_everything_and_loads_nothing_from_elsewhere(client) -> None:
    response = client.get(reverse("api:docs"))
    text = response.content.decode()
    assert response.status_code == 200
    for each in endpoints():
        assert f"GET {each.path}" in text and each.words in text
        for param in each.params:
            assert f"<code>{param.name}</code>" in text
    assert "每分钟最多 60 次" in text and "最多 200 条" in text
    assert 'src="http' not in text and 'href="http' not in text
    # The only script is the one of every public page, for large type and contrast.
    assert text.count("<script") == text.count("reading.js") == 1
    assert not response.cookies
    assert client.post(reverse("api:docs")).status_code == 405
