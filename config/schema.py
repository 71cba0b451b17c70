"""How the OpenAPI document is made: every operation documents its errors."""

from drf_spectacular.openapi import AutoSchema as SpectacularSchema


class AutoSchema(SpectacularSchema):
    pass
