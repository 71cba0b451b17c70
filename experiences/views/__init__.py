"""The pages of field reports, one module for each family of pages."""
