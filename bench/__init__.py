"""Measurements: ratios against a peer in the same run, medians; never asserted in tests."""
