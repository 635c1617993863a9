"""Medfrist: the workflow and deadline engine for MED work."""
