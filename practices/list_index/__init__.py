"""What lists of practices are read from."""
