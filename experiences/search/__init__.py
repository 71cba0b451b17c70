"""How lists and searches of reports are answered: filters, index, pages, likeness, what is related."""
