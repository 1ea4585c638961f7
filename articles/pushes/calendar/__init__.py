"""推送日历: what is planned, committed and sent on which day, and the silence between."""
