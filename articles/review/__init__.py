"""The three reviews 可信 → 可读 → 可亲, and what must hold before an article goes live."""
