"""Full-text search in Chinese, for the public page and for the admin; see docs/search.md.

`text` and `query` are pure; the backends plug them into Wagtail's search index.
"""
