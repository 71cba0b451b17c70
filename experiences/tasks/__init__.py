"""What the worker does for reports, every day."""
