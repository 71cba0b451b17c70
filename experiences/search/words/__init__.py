"""What is typed, what it may mean, and what it finds: words in both languages."""
