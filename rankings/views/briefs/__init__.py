"""The screens of 简报."""
