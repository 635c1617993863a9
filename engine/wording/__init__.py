"""Every word a user reads, in Danish and English, and the one gate for confidentiality."""
