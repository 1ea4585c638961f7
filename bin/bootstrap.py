"""Make ``.venv`` and install what the project needs; called by the Makefile.

This file must run under every Python, however old, far enough to say that it is too old.
So: plain syntax and ASCII only; everything else is in ``environment.py``.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def too_old():
    """The sentence for a Python before 3.11, as bytes in UTF-8; None when this one will do."""
    if sys.hexversion >= 0x030B0000:
        return None
    found = ".".join(str(part) for part in sys.version_info[:3])
    with open(os.path.join(HERE, "python-too-old.txt"), "rb") as sentence:
        return sentence.read().replace(b"FOUND", found.encode("ascii"))


def main():
    sentence = too_old()
    if sentence is not None:
        getattr(sys.stderr, "buffer", sys.stderr).write(sentence)
        return 1
    sys.path.insert(0, HERE)
    import environment

    return environment.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
