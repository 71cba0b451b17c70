"""What is answered, on pages and to programs alike, to whom something is refused."""
