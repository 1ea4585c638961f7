"""Boards and accounts as the rows of a file name them."""

from typing import Any

from ..models import Account, Board
from ..periods import Period
from ..resolve import NotResolved, Resolver, account_resolver, board_resolver
from ..services.accounts import create_account, create_board
from ..services.errors import RankingError
from .options import ImportOptions

_KIND_LABELS = {"board": "榜单", "account": "公众号"}
# So many unknown names get suggestions.
SUGGESTED = 50


class Names:
    """Boards and accounts by the texts of a file; unknown ones are made, really or for show."""

    def __init__(self, options: ImportOptions, *, actor: Any = None, write: bool = False) -> None:
        self._options = options
        self._actor = actor
        self._write = write
        self._boards = board_resolver()
        self._accounts = account_resolver()
        self._refused: dict[tuple[str, str, str], str] = {}
        # Keys of what this import made.
        self._made: set[str] = set()
        self.new_boards: list[str] = []
        self.new_accounts: list[str] = []

    def board(self, text: str, period: Period, key: str = "") -> Board:
        """Raises ``NotResolved`` or ``RankingError``."""
        found = self._known(self._boards, "board", text, period, key)
        if found is not None:
            return found
        if self._write:
            board = create_board(self._actor, text, period_kind=period.kind, key=key)
        else:
            number = len(self.new_boards) + 1
            board = Board(
                pk=-number, key=key or f"new-{number}", name=text, period_kind=period.kind
            )
        self.new_boards.append(text)
        self._boards.add(board)
        self._made.add(board.key)
        return board

    def account(self, text: str, wechat_id: str, period: Period, key: str = "") -> Account:
        """Raises ``NotResolved`` or ``RankingError``."""
        found = self._known(self._accounts, "account", text, period, key)
        if found is not None:
            return found
        if self._write:
            account = create_account(
                self._actor, text, wechat_id=wechat_id, confirmed=True, key=key
            )
        else:
            number = len(self.new_accounts) + 1
            account = Account(pk=-number, key=key or f"new-{number}", name=text)
        self.new_accounts.append(text)
        self._accounts.add(account)
        self._made.add(account.key)
        return account

    def _known(
        self, resolver: Resolver[Any], kind: str, text: str, period: Period, key: str
    ) -> Any | None:
        """What the key or, without one, the text names; None for something new to be made."""
        label = _KIND_LABELS[kind]
        if key and (thing := resolver.with_key(key)) is not None:
            if not resolver.bears(thing, text):
                raise RankingError(
                    f"编号“{key}”是{label}“{thing.name}”，和这一行写的“{text}”不是一个，"
                    "请改对其中一个"
                )
            return thing
        self._raise_if_refused(kind, text, key)
        try:
            thing = resolver.find(text, period)
        except NotResolved as error:
            if not (error.unknown or (key and self._options.create)):
                raise
            if not self._options.create:
                self._refuse(kind, text, key, error)
            return None
        if not key:
            return thing
        # Two of one name in a file made elsewhere are two; one of another key here is another.
        if thing.key in self._made:
            return None
        raise RankingError(
            f"没有编号为“{key}”的{label}，“{text}”在本系统的编号是“{thing.key}”；"
            "是同一个的话请改编号，或清空编号一栏"
        )

    def _raise_if_refused(self, kind: str, text: str, key: str) -> None:
        if (kind, text, key) in self._refused:
            raise RankingError(self._refused[kind, text, key])

    def _refuse(self, kind: str, text: str, key: str, error: NotResolved) -> None:
        """Remember a refusal, with the nearest names for the first few: finding them is slow."""
        message = str(error) if len(self._refused) < SUGGESTED else error.plain
        message = f"{message.rstrip('。')}；确是新的，请选择同时新建（命令行加 --create）"
        self._refused[kind, text, key] = message
        raise RankingError(message)
