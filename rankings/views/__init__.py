"""The admin's ranking screens. They read through ``reports`` and act through ``services``."""
