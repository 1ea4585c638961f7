"""发布审批单: one page that says who wrote, judged and published a text, on paper and as Word."""
