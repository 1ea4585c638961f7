"""Wagtail's command by its own name, doing what `publish_due` does.

Wagtail's version stops at the first item that fails and asks no approval of anybody.
"""

import argparse

from .publish_due import Command as PublishDue


class Command(PublishDue):
    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dryrun", action="store_true", dest="dry_run", help="只列出，不发布")
