"""The public mirror: every public page is a file, rendered when what it shows has changed.

``registry`` knows which addresses there are and which show what, ``jobs`` writes down what is to
be rendered in the transaction of the change, ``worker`` renders it, ``files`` keeps the files, and
``serving`` answers them without Django.
"""
