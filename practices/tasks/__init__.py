"""What the worker does for practices: group reports, flag old evidence, send the monthly mail."""
