"""What this app announces to the ground floor."""


def register() -> None:
    """Called once, when the app is ready."""
