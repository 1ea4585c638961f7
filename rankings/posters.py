"""What stands on a claim's poster, taken from the proof that was frozen with it.

Nothing comes from today's records: a poster says what the second person approved.
"""

from media.posters import PosterText

from .lotus import flowers
from .models import Claim
from .periods import Month


def poster_text(claim: Claim) -> PosterText:
    """The plain values of the poster of ``claim``; the account's colour is today's."""
    frozen = claim.frozen
    counts, board = frozen["counts"], frozen["board"]
    start, end = Month.parse(frozen["from"]), Month.parse(frozen["to"])
    length = frozen["length"]
    tie = "并列" if counts["tied"] == length else ""
    list_name = f"{board['scope'].removesuffix('榜')}榜" if board["scope"] else ""
    if length > 1:
        kicker = "至少连续" if frozen["open_start"] else "连续"
        number, unit, headline = str(length), "个月", f"列{list_name}{tie}第一"
    else:
        # One month is no row.
        kicker, number, unit = "", f"{tie}第一", ""
        headline = f"{start.label}{list_name}"
    return PosterText(
        account=frozen["account"]["name"],
        kicker=kicker,
        number=number,
        unit=unit,
        headline=headline,
        board=f"《{board['name']}》",
        publisher=board["publisher"],
        dates=start.label if start == end else f"{start.label}至{end.label}",
        sentence=frozen["sentence"],
        reference=f"结论 {claim.number}　截至{end.label}",
        flowers=flowers({Month.parse(each["month"]): each["state"] for each in frozen["months"]}),
        asides=_asides(counts, length),
        footnotes=(f"证明材料 SHA-256：{claim.frozen_sha256}",),
        colour=claim.account.colour,
        is_example=frozen["is_example"],
    )


def _asides(counts: dict[str, int], length: int) -> tuple[str, ...]:
    found = []
    if counts["tied"] and counts["tied"] < length:
        found.append(f"其中并列{counts['tied']}个月")
    if counts["suspended"]:
        found.append(f"其间榜单停发{counts['suspended']}期，不计入")
    return tuple(found)
