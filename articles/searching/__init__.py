"""The public search page: what is asked, in which order it is shown, and what helps further."""
