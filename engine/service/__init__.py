"""The use cases: gather, compute, apply. The only place that reads the clock."""
