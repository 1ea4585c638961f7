"""推送: assembling, approving and committing what goes out together."""
