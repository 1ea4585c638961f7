"""The screens of the queue: 审稿 and 代审."""
