"""What the site keeps of an account, and how it is deleted."""
