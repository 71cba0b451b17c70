"""The OpenAPI document, and a page that reads it out."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

schema = SpectacularJSONAPIView.as_view(permission_classes=[AllowAny])


@require_safe
def reference(request):
    return render(request, "api/reference.html", {})
