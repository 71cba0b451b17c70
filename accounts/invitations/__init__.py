"""Invitations by mail: sent from a page or by `manage.py invite`, and what whoever holds one can do."""
