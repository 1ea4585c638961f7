"""留言 in the workbench."""
