"""Sign-in by the organisation's account (OpenID Connect), where settings.OPENID_CONNECT names its provider.

django-allauth leads there and back; what is ours: all that the provider sends is verified (`provider.py`,
`id_token.py`), who may enter and which groups they are in (`admission.py`), and whose account here it opens
(`adapter.py`): one whose owner confirmed the same address here, and no other.
"""
