"""The floor of the API: what every app's resources stand on. It imports no app."""
