"""What those who run a site say of it: the page and the command that ask for it, its logo, and its terms."""
