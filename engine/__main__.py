"""The command `med`."""

from __future__ import annotations

import sys

from engine.cli.words import language_of, translate_library


def main() -> None:
    """Run a command; the library's own words are set before it is loaded."""
    language = language_of(sys.argv[1:])
    translate_library(language)
    from engine.cli.app import run

    sys.exit(run(sys.argv[1:], language))


if __name__ == "__main__":
    main()
