THEMES = ("light", "dark")


def theme(request):
    """Give templates the theme the visitor chose; nothing means the system decides."""
    chosen = request.COOKIES.get("theme")
    return {"theme": chosen if chosen in THEMES else ""}
