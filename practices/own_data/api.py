"""Everything about oneself, for programs."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.api.authentication import ScopeAllows
from config.rest import views
from practices.own_data.data import as_data


class OwnDataViewSet(views.ViewSet):
    """Everything the site knows about me. A token that may read is enough: it reads nothing but its member's own."""

    permission_classes = [ScopeAllows, IsAuthenticated]
    serializer_class = views.Serializer

    def list(self, request):
        """Read everything the site knows about me, private fields included."""
        return Response(as_data(request.user))

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # Not even to be asked for again: this is kept by whoever asked, and by nothing between.
        response["Cache-Control"] = "private, no-store"
        return response
