"""`med work` on a morning of the test's choosing, woken at once and again every moment."""

from __future__ import annotations

import sys
from datetime import timedelta

from engine import scheduler
from engine.__main__ import main
from engine.service import site
from engine.service.clock import stopped_at, system_clock

if __name__ == "__main__":
    moment, *arguments = sys.argv[1:]
    site.system_clock = stopped_at(moment)
    scheduler.next_moment = lambda _: system_clock() + timedelta(seconds=0.1)
    sys.argv = ["med", "work", *arguments]
    main()
