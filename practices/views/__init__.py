"""The pages of practices, one module for each family of pages."""
