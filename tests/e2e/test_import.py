"""A journey in a browser: a table is uploaded, compared, written and confirmed by a colleague."""

from pathlib import Path

from playwright.sync_api import expect

from tests.factories.rankings import AccountFactory, BoardFactory

from .browser import JOURNEY

pytestmark = JOURNEY
BOARD, OURS, OTHER = "示例县级榜", "听荷发布", "映月融媒"
HEADINGS = "榜单,统计期,公众号,名次,阅读数,核实情况,来源种类,来源,来源网址"
SOURCE = "已核实,发布机构,示例研究院,https://example.org/list"


def table(folder: Path) -> Path:
    """Three months of two accounts; one rank is no number."""
    lines = [HEADINGS]
    for month in ("2026-08", "2026-09", "2026-10"):
        lines.append(f"{BOARD},{month},{OURS},1,31万+,{SOURCE}")
        lines.append(f"{BOARD},{month},{OTHER},2,88096,{SOURCE}")
    lines.append(f"{BOARD},2026-10,拂霞在线,第三,70000,{SOURCE}")
    file = folder / "示例县级榜-三个月.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def test_from_the_table_to_the_streak(live_server, hire, signed_in, tmp_path) -> None:
    BoardFactory(key="county-example", name=BOARD, publisher="示例研究院", is_example=True)
    AccountFactory(key="tinghe", name=OURS, is_ours=True)
    AccountFactory(key="yingyue", name=OTHER)
    li = signed_in(hire("li", "李录入", "office"))
    page = li.page

    # --- the differences first
    li.menu("排名", "导入")
    li.look("1-导入", phone=True)
    page.get_by_role("button", name="核对差异").click()
    expect(page.get_by_text("请选择要导入的文件，或在下面粘贴表格。")).to_be_visible()
    page.get_by_label("文件").set_input_files(table(tmp_path))
    page.get_by_role("button", name="核对差异").click()
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible()
    expect(page.get_by_role("heading", name="有问题的行")).to_be_visible()
    li.look("2-有问题的行", phone=True)
    page.get_by_label("跳过有问题的行").check()
    page.get_by_role("button", name="重新核对").click()
    confirm = page.get_by_role("button", name="确认导入 6 条")
    expect(confirm).to_be_visible()
    li.look("3-核对差异")
    confirm.click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    li.look("4-导入完成")

    # --- nobody confirms what they entered themselves
    li.menu("排名", "待复核")
    expect(page.get_by_text("这些是您自己录入的").first).to_be_visible()
    expect(page.get_by_role("button", name="复核通过")).to_have_count(0)
    li.look("5-自己录入的")
    li.menu("排名", "总览")
    expect(page.get_by_role("main")).not_to_contain_text("连续3个月")

    # --- a colleague does, month by month
    wang = signed_in(hire("wang", "王复核", "office"))
    page = wang.page
    wang.menu("排名", "待复核")
    wang.look("6-待复核", phone=True)
    expect(page.locator("input[name=row]:checked")).to_have_count(0)
    for left in (2, 1, 0):
        page.get_by_role("button", name="全选").first.click()
        page.get_by_role("button", name="复核通过").click()
        wang.says("已复核通过 2 条")
        expect(page.locator("input[name=row]")).to_have_count(left * 2)
    wang.menu("排名", "总览")
    expect(page.get_by_role("heading", name=OURS, exact=True)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("连续3个月")
    wang.look("7-总览", phone=True)
