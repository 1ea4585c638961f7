"""Words from elsewhere: Word files, pasted text, and articles from before the workbench."""

from .past import PERMISSION, import_past_article

__all__ = ["PERMISSION", "import_past_article"]
