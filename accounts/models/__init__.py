from accounts.models.invitations import Invitation
from accounts.models.mail import OutgoingMail
from accounts.models.notifications import Notification
from accounts.models.rate_limits import RateLimit
from accounts.models.receipts import Receipt
from accounts.models.site import Site, SiteChange, current_site
from accounts.models.site_texts import SiteText, TermsAcceptance
from accounts.models.tokens import Token
from accounts.models.user import User, display_name

__all__ = [
    "Invitation", "Notification", "OutgoingMail", "RateLimit", "Receipt", "Site", "SiteChange", "SiteText",
    "TermsAcceptance", "Token", "User", "current_site", "display_name",
]  # fmt: skip
