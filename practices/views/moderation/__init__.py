"""What moderators see and decide: the queue, a practice as a whole and in its claims, withheld words."""
