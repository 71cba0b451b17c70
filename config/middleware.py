"""What every answer goes through."""


def private_unless_declared(get_response):
    """Keep answers out of shared caches unless the view said otherwise."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
