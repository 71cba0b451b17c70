"""What every list page shows beside its rows."""
