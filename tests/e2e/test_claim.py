"""A journey in a browser: months are proved, a claim is printed, a correction breaks it."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import expect
from wagtail.models import Page

from articles import publishing
from articles.models import ArticlePage, HomePage
from articles.review import services as reviews
from cms.users.models import User
from rankings.models import Claim, ClaimStatus, HonouredBoard, HonoursPage, Observation, Status
from rankings.periods import Month, Period
from rankings.services import Proof, SourceRef, confirm_observations, record_proof
from tests.factories.articles import ArticleFactory, approve_by, body
from tests.factories.rankings import AccountFactory, BoardFactory

from .browser import JOURNEY, Person

pytestmark = JOURNEY
BOARD, OURS, PUBLISHER = "政务微信影响力榜·县级", "听荷发布", "示例研究院"
FIRST = Month(2017, 9)
MONTHS = [FIRST + n for n in range(24)]


def picture(folder: Path, month: Month) -> Path:
    """What stands for the publisher's printed list of a month."""
    image = Image.new("RGB", (480, 320), "white")
    ImageDraw.Draw(image).text((40, 140), f"{month}  1  TINGHE", fill="black")
    path = folder / f"{month}.png"
    image.save(path)
    return path


def reported(folder: Path) -> Path:
    lines = ["榜单,统计期,公众号,名次,核实情况,来源种类,来源,发布日期"]
    lines += [f"{BOARD},{m},{OURS},1,据报道,媒体报道,示例晚报,2019-09-17" for m in MONTHS]
    file = folder / "据报道的24个月.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def prove(person: Person, file: Path) -> None:
    """Fill in the form that is open."""
    page = person.page
    page.get_by_label("榜单原件", exact=True).set_input_files(file)
    page.get_by_label("名次", exact=True).fill("1")
    page.get_by_role("button", name="录入", exact=True).click()
    person.says("等另一位同事复核后计入")


def prove_the_rest(typist: User, checker: User, folder: Path, months: list[Month]) -> None:
    """The same for the other months, by the services behind the screens."""
    known = Observation.objects.select_related("board", "account").first()
    for month in months:
        row = record_proof(
            typist,
            Proof(
                board=known.board,
                period=Period.of_month(month),
                account=known.account,
                source=SourceRef("publisher", PUBLISHER),
                status=Status.CONFIRMED,
                rank=1,
                upload=picture(folder, month).read_bytes(),
            ),
        )
        confirm_observations(checker, [row])


def proved(person: Person, months: int, possible: int = 24) -> None:
    """The overview says so."""
    person.menu("排名", "总览")
    main = person.page.get_by_role("main")
    expect(main).to_contain_text(f"{months} 个月")
    expect(main).to_contain_text(f"{possible} 个月")


def published(hire: Callable[..., User], claim: Claim) -> ArticlePage:
    """An article that prints the claim, through its three reviews."""
    editor = hire("bian", "卞编辑", "editor")
    blocks = body(
        ("paragraph", "<p>两年来的名次，一个月一个月查过了。</p>"),
        ("ranking_fact", {"claim": claim.pk, "sentence": claim.text}),
    )
    article = ArticleFactory(writer=editor, body=blocks, title="两年名次")
    reviews.submit(editor, article)
    approve_by(
        article,
        hire("xin", "信审核", "reviewer_credible"),
        hire("du", "读审核", "reviewer_readable"),
        hire("qin", "亲审核", "reviewer_approachable"),
    )
    article = ArticlePage.objects.get(pk=article.pk)
    publishing.publish_now(hire("fa", "发布员", "publisher"), article)
    return ArticlePage.objects.get(pk=article.pk)


def honours() -> Page:
    account = Observation.objects.first().account
    page = HonoursPage(title="荣誉", slug="honours", account=account)
    page.honoured_boards = [HonouredBoard(board=Observation.objects.first().board)]
    return HomePage.objects.get().add_child(instance=page)


def test_from_the_report_to_the_proof_and_back(
    live_server, hire, signed_in, visitor, work_off, tmp_path
) -> None:
    BoardFactory(key="county-list", name=BOARD, publisher=PUBLISHER, scope="县级")
    AccountFactory(key="tinghe", name=OURS, is_ours=True)
    li_user, wang_user = hire("li", "李录入", "office"), hire("wang", "王复核", "office")
    li = signed_in(li_user)
    page = li.page

    # --- 24 months on a newspaper's word
    li.menu("排名", "导入")
    page.get_by_label("文件").set_input_files(reported(tmp_path))
    page.get_by_role("button", name="核对差异").click()
    page.get_by_role("button", name="确认导入 24 条").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    proved(li, 0)
    expect(page.get_by_role("main")).to_contain_text("本系统未逐月核实")
    li.look("1-据报道", phone=True)
    honours_page = honours()
    reader = visitor()
    reader.page.goto(f"{live_server.url}{honours_page.url}")
    expect(reader.page.get_by_role("main")).to_contain_text("还没有核实到榜单原件")
    reader.look("2-荣誉页-据报道", phone=True)

    # --- the lists are found, month by month; each waits for the second person
    page.get_by_text("逐月补证").first.click()
    page.locator("details").filter(has_text="逐月补证").get_by_role("link").first.click()
    li.look("3-补证", phone=True)
    prove(li, picture(tmp_path, MONTHS[0]))
    page.get_by_role("link", name="接着补2017年10月").click()
    prove(li, picture(tmp_path, MONTHS[1]))
    proved(li, 0)
    wang = signed_in(wang_user)
    page = wang.page
    wang.menu("排名", "待复核")
    expect(page.get_by_role("complementary", name="存证")).to_have_count(2)
    wang.look("4-待复核", phone=True)
    page.get_by_role("button", name="复核通过").first.click()
    wang.says("请")
    assert Observation.objects.waiting().count() == 2, "nothing is ticked beforehand"
    for left in (1, 0):
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="复核通过").first.click()
        wang.says("已复核通过 1 条")
        expect(page.get_by_role("button", name="复核通过")).to_have_count(left)
    proved(wang, 2)
    prove_the_rest(li_user, wang_user, tmp_path, MONTHS[2:])
    proved(wang, 24)
    wang.look("5-已核实", phone=True)
    reader.page.goto(f"{live_server.url}{honours_page.url}")
    expect(reader.page.get_by_role("main")).to_contain_text("连续24个月")
    reader.look("6-荣誉页-已核实", phone=True)

    # --- one drafts the claim, the other approves it
    page = li.page
    li.menu("排名", "结论")
    page.get_by_role("link", name="起草结论").first.click()
    page.get_by_role("button", name="查看能写什么").click()
    expect(page.get_by_role("main")).to_contain_text("2017年9月至2019年8月")
    page.get_by_role("button", name="起草结论", exact=True).click()
    li.says("已起草结论")
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    claim = Claim.objects.get()
    page = wang.page
    page.goto(f"{live_server.url}/admin/rankings/claims/{claim.pk}/")
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("有效")
    wang.look("7-结论", phone=True)
    claim.refresh_from_db()
    assert (claim.status, claim.proof, claim.length) == (ClaimStatus.APPROVED, "proved", 24)

    # --- an article prints it
    article = published(hire, claim)
    reader.page.goto(f"{live_server.url}{article.url}")
    expect(reader.page.get_by_role("main")).to_contain_text(claim.text)
    expect(reader.page.get_by_role("main")).not_to_contain_text("正在复核")

    # --- a correction of one month in the middle breaks it
    broken = Observation.objects.get(month=MONTHS[11].index, source_kind="publisher")
    page = li.page
    page.goto(f"{live_server.url}/admin/rankings/observations/{broken.pk}/correct/")
    page.get_by_label("名次", exact=True).fill("2")
    page.get_by_label("更正理由").fill("发布机构更正了当月榜单，本账号为第二名。")
    page.get_by_role("button", name="核对改动").click()
    expect(page.get_by_role("main")).to_contain_text(claim.number)
    expect(page.get_by_role("main")).to_contain_text("《两年名次》")
    li.look("8-更正前核对", phone=True)
    page.get_by_role("button", name="确认更正").click()
    li.look("9-更正之后")
    assert Claim.objects.holding().exists(), "one person's word changes nothing yet"
    page = wang.page
    wang.menu("排名", "待复核")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="复核通过").first.click()
    wang.says("已复核通过 1 条")
    work_off()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REVIEW

    # --- and everything that leaned on it says so
    proved(wang, 12, 12)
    wang.look("10-更正之后的总览", phone=True)
    page.goto(f"{live_server.url}/admin/rankings/claims/{claim.pk}/")
    expect(page.get_by_role("main")).to_contain_text("需复核")
    expect(page.get_by_role("main")).to_contain_text("2018年8月")
    wang.look("11-结论需复核", phone=True)
    bian = signed_in(User.objects.get(username="bian"))
    bian.menu("文章")
    expect(bian.page.get_by_role("main")).to_contain_text("已发布，需复核")
    bian.look("12-文章需复核", phone=True)
    reader.page.goto(f"{live_server.url}{article.url}")
    expect(reader.page.get_by_role("main")).to_contain_text("这一结论正在复核。")
    reader.look("13-公开页面的说明", phone=True)
    reader.page.goto(f"{live_server.url}{honours_page.url}")
    expect(reader.page.get_by_role("main")).to_contain_text("连续12个月")
    expect(reader.page.get_by_role("main")).to_contain_text("这一结论正在复核。")
    reader.look("14-荣誉页-更正之后", phone=True)
