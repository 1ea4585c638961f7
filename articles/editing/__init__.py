"""The editor of articles: nobody's words are overwritten or lost unseen."""
