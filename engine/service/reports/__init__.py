"""Reports: what a year proves, who lacks which training, and timetables."""
