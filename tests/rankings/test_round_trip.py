"""Law: what is exported and imported into an empty installation is exported again unchanged."""

from django.contrib.auth.models import Permission
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from rankings.evidence.models import Capture
from rankings.exporting import as_csv, as_xlsx, observations_of
from rankings.importing.apply import import_table
from rankings.importing.options import ImportOptions
from rankings.importing.reading import open_table
from rankings.models import Account, Board, Observation
from rankings.periods import Month, Period
from rankings.services import (
    ListRow,
    RankingError,
    SourceRef,
    confirm_observations,
    correct_observation,
    record_list,
    record_not_issued,
    reject_proposals,
    withdraw_proposals,
)
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory

# Texts a person may paste: quotes, formulas, line breaks, spaces at the ends, look-alike words.
TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\x00\r\ufeff", exclude_categories=["Cs", "Cc"]
    ),
    max_size=12,
).map(lambda text: text.strip(" \u3000")) | st.sampled_from(
    ["", "=1+1", "'@x", "-本账号", "无", "—", 'a"b,c', "两行\n字", "10万+"]
)
FIGURE = st.builds(
    lambda value, bound, raw: {
        "value": value,
        "bound": bound,
        "capped": False,
        "raw": raw or str(value),
    },
    st.integers(0, 10**9) | st.sampled_from([1003.59, 0.5]),
    st.sampled_from(["exact", "at_least", "at_most", "about"]),
    st.sampled_from(["", "10万+", "近30万", "=3", "3 次"]),
)
FIGURES = st.dictionaries(
    st.sampled_from(["index", "reads", "average_reads", "likes"]), FIGURE, max_size=3
)
SOURCES = st.builds(
    SourceRef,
    st.sampled_from(["publisher", "official_repost", "media", "mirror", "self"]),
    st.sampled_from(["研究院", "=日报", ""]),
    st.sampled_from(["", "https://example.org/?a=1&b=2"]),
)
STEP = st.fixed_dictionaries(
    {
        "act": st.sampled_from(
            ["list", "list", "stop", "correct", "confirm", "reject", "withdraw"]
        ),
        "board": st.integers(0, 1),
        "account": st.integers(0, 2),
        "month": st.integers(0, 2),
        "rank": st.none() | st.integers(1, 40),
        "tied": st.booleans(),
        "source": SOURCES,
        "status": st.sampled_from(["confirmed", "reported"]),
        "edition": st.sampled_from(["final", "preliminary"]),
        "published": st.none() | st.dates(Month(2019, 1).first_day, Month(2020, 1).last_day),
        "list_size": st.none() | st.integers(1, 200),
        "method": st.sampled_from(["", "13.0", "WCI(V14.2)"]),
        "unit": TEXTS,
        "note": TEXTS,
        "figures": FIGURES,
        "evidence": st.booleans(),
        "pick": st.integers(0, 5),
    }
)

FIELDS = ("version", "status", "source_kind", "source_name", "edition")


class TestRoundTrip(TestCase):
    def setUp(self) -> None:
        # Two accounts of one name, and one that took over a name another used to bear.
        self.boards = [BoardFactory(name="县级榜"), BoardFactory(name="县级榜")]
        self.accounts = AccountFactory.create_batch(2, name="在荷塘")
        self.accounts.append(AccountFactory(name="新名", wechat_id="xin"))
        self.people = []
        for _ in range(2):
            person = UserFactory()
            person.user_permissions.set(
                Permission.objects.filter(
                    content_type__app_label="rankings",
                    codename__in=["record_observation", "confirm_observation"],
                )
            )
            self.people.append(person)
        self.capture = Capture.objects.create(sha256="ab" * 32, size=1, path="ab/ab")

    def act(self, step) -> None:
        one, two = self.people
        board = self.boards[step["board"]]
        said = {
            "board": board,
            "period": Period.of_month(Month(2019, 7) + step["month"]),
            "source": step["source"],
            "status": step["status"],
            "origin": "hand",
            "published": step["published"],
            "capture": self.capture if step["evidence"] else None,
            "reason": "=理由",
        }
        rows = Observation.objects.current() if step["act"] == "correct" else None
        waiting = Observation.objects.waiting()
        if step["act"] == "list":
            state = "ranked" if step["rank"] else "absent"
            row = ListRow(
                self.accounts[step["account"]],
                step["rank"],
                tied=step["tied"] and bool(step["rank"]),
                state=state,
                unit=step["unit"],
                note=step["note"],
                figures=step["figures"],
            )
            record_list(
                one,
                rows=[row],
                edition=step["edition"],
                list_size=step["list_size"],
                method=step["method"],
                **said,
            )
        elif step["act"] == "stop":
            record_not_issued(one, note=step["note"], **said)
        elif step["act"] == "correct":
            row = pick(rows, step)
            if row is not None:
                correct_observation(one, row, "+改", {"note": step["note"], "unit": step["unit"]})
        elif (row := pick(waiting, step)) is not None:
            if step["act"] == "confirm":
                confirm_observations(two, [row])
            elif step["act"] == "reject":
                reject_proposals(two, [row], "@看不清")
            else:
                withdraw_proposals(one, [row])

    @settings(max_examples=40, deadline=None)
    @given(st.lists(STEP, max_size=10), st.booleans())
    def test_nothing_is_lost(self, steps, sheet) -> None:
        for step in steps:
            try:
                self.act(step)
            except RankingError:
                continue  # a step that does not fit where the history stands
        before = exported()
        counted = current()
        data = as_xlsx(observations_of()) if sheet else before.encode()
        forget()
        options = ImportOptions(create=True, as_archive=True)
        if steps:
            outcome = import_table(None, open_table(data), options)
            assert [str(row) for row in outcome.plan.bad] == []
        assert exported() == before
        assert current() == counted


def pick(rows, step):
    rows = list(rows.order_by("pk"))
    return rows[step["pick"] % len(rows)] if rows else None


def exported() -> str:
    return "".join(as_csv(observations_of()))


def current() -> list:
    """What counts, and what waits."""
    fields = ("board__key", "month", "account__key", *FIELDS)
    return sorted(map(str, Observation.objects.current().values_list(*fields)))


def forget() -> None:
    """An empty installation; evidence is restored from its own archive."""
    Observation.objects.update(supersedes=None)
    Observation.objects.all()._raw_delete("default")
    Account.objects.all().delete()
    Board.objects.all().delete()
