"""The read-only public API under ``/api/v1/`` (docs/api.md)."""
