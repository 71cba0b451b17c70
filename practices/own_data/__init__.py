"""What is a member's own, gathered from all three apps: their data to take away, and closing their account.

It stands here because only practices may know of both others.
"""
