"""The command line: each command parses, calls a use case, and shows what came of it."""
