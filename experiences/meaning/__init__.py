"""What texts and questions mean, by a language model that may be installed (requirements-semantic.txt)."""
