"""月度简报: what a month's brief says, and how it is written as Word, Excel and PDF.

``content`` gathers a *document*: plain JSON values that are frozen with the brief. The writers
(``word``, ``excel``, ``pdf``) and the screens show a document and nothing else, so that a frozen
one can be printed again years later. ``findings`` words it, ``differences`` compares two of them.
"""
