"""`make bench`: every measurement, one line each; or the modules that are named."""

from __future__ import annotations

import sys

from bench import mail, planning, reading, store, working_days

MEASUREMENTS = {
    "working_days": working_days,
    "planning": planning,
    "reading": reading,
    "store": store,
    "mail": mail,
}


def main() -> None:
    print("median of nine rounds, ours and the peer in turn; above 1: ours is faster")
    for name in sys.argv[1:] or MEASUREMENTS:
        for compared in MEASUREMENTS[name].run():
            print(compared.line(), flush=True)


if __name__ == "__main__":
    main()
