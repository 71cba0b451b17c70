"""How lists of practices are answered, and which practices are related to a report."""
