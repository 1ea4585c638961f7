"""The public side of 留言: the form, tracking, and the answers on the mirror."""
