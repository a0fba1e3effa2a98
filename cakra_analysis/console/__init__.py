"""What the longer commands print while they work."""
