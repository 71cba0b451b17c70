"""What waits for a member: the notifications of all three apps, on a page, in the API, and as they choose.

It stands here because only practices may know of both others.
"""
