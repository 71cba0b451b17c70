"""The REST API of practices: one module for each resource."""
