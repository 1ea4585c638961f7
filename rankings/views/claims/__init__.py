"""结论: the list, one claim, drafting, and choosing one for an article."""
