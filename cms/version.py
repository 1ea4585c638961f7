"""The version of the project, the same as in pyproject.toml."""

VERSION = "0.1.0"
