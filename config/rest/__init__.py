"""The ground of the API of every app. It imports no app."""
