"""`make bench`: every measurement, one line each."""

from __future__ import annotations

from bench import planning, reading, working_days


def main() -> None:
    print("median of nine rounds, ours and the peer in turn; above 1: ours is faster")
    for measurement in (working_days, planning, reading):
        print(measurement.run().line(), flush=True)


if __name__ == "__main__":
    main()
