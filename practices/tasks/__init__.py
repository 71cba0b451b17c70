"""What the worker does for practices: group reports, flag evidence that has grown old, send the monthly mail."""
