"""送领导审阅: a signed link shows one version of a draft to somebody without an account."""
