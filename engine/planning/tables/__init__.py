"""What law and agreements give as tables: scales of notices, and decisions."""
