"""What is answered to an address whose parameters are not understood: in lists, feeds and elsewhere."""

from django.shortcuts import render

from config.rest.problems import refusal_response


def refused_address(request, refusal, whole, way=None):
    """Answer 400 to an address with parameters that were not understood, naming each; lead to the `whole`.

    `refusal` is a ValidationError by parameter; `way` is {url, label} of what makes the address understood,
    where something does. Programs get a problem document.
    """
    if request.path.startswith("/api/"):
        return refusal_response(refusal)
    context = {"errors": refusal.message_dict, "whole": whole, "url": request.path, "way": way}
    return render(request, "browse/refused.html", context, status=400)
