"""The article desk: where an article is read, judged and given its time."""
