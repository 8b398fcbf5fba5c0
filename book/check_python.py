"""Print what keeps this Python from building the book, if anything; run by the Makefile.

Any Python must be able to read this file, however old.
"""

import sys


def problem(version, name):
    """Return one line that says what is missing and what to do, or None."""
    if version < (3, 11):
        return (
            "The book needs Python 3.11 or newer, and %s is %d.%d. Install a newer one "
            "and name it, for example: make book PYTHON=python3.12" % (name, version[0], version[1])
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "This Python has no venv module. On Debian or Ubuntu, install it with "
            "`sudo apt install python%d.%d-venv`, then run the same command again"
            % (version[0], version[1])
        )
    return None


if __name__ == "__main__":
    found = problem(sys.version_info[:2], sys.argv[1])
    if found:
        print(found)
