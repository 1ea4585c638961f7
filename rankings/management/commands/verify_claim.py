"""``manage.py verify_claim``: does a claim still hold, and what exactly changed?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rankings.claims.finding import NoSuchClaim, find_claim
from rankings.claims.verifying import Finding, errors_of
from rankings.models import Claim, ClaimStatus
from rankings.services.claims import verify_claim

USAGE = 2


class Command(BaseCommand):
    help = (
        "按现有的名次记录和存证重新核验结论，逐项说明变了什么；有效的结论不再成立时转为需复核。"
        "退出码：0 仍然成立，1 不再成立，2 用法不对。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("claim", nargs="?", help="结论的编号，例如 JL-2026-0001，或序号")
        parser.add_argument("--all", action="store_true", help="核验全部有效和需复核的结论")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        claims = self._claims(options["claim"], options["all"])
        results = [(claim, verify_claim(claim)) for claim in claims]
        if options["json"]:
            self.stdout.write(
                json.dumps({"claims": [as_json(*each) for each in results]}, ensure_ascii=False)
            )
        else:
            for claim, findings in results:
                self._tell(claim, findings)
            if not results:
                self.stdout.write("没有有效或需复核的结论。")
        if any(errors_of(findings) for _, findings in results):
            sys.exit(1)

    def _claims(self, text: str | None, every: bool) -> list[Claim]:
        if every == (text is not None):
            raise CommandError("请写一条结论的编号，或写 --all，二者只写一个。", returncode=USAGE)
        if every:
            wanted = [ClaimStatus.APPROVED, ClaimStatus.REVIEW]
            return list(Claim.objects.filter(status__in=wanted).order_by("pk"))
        try:
            return [find_claim(text)]
        except NoSuchClaim as error:
            raise CommandError(str(error), returncode=USAGE) from error

    def _tell(self, claim: Claim, findings: list[Finding]) -> None:
        self.stdout.write(f"{claim.number}（{claim.get_status_display()}）{claim.text}")
        errors = errors_of(findings)
        self.stdout.write(f"不再成立，{len(errors)} 项不符：" if errors else "仍然成立。")
        for finding in findings:
            self.stdout.write(f"  {'✗' if finding.is_error else '·'} {finding.message}")


def as_json(claim: Claim, findings: list[Finding]) -> dict[str, Any]:
    """One claim of the documented JSON object."""
    return {
        "number": claim.number,
        "sentence": claim.text,
        "status": claim.status,
        "holds": not errors_of(findings),
        "verified_at": claim.verified_at.isoformat(),
        "findings": [finding.as_json() for finding in findings],
    }
