"""留言: what residents write, from receiving it to the answer."""
