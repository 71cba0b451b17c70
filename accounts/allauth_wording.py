"""Sentences of django-allauth, and one of Django, that we word ourselves in English or in French.

Nothing imports this file: it is read when the messages are collected, so that these sentences stay
in our catalogues, which are asked before those of the libraries.
"""

from django.utils.translation import gettext_noop as _

_("Account Inactive")
_("Activate Authenticator App")
_("Add Email")
_("Add Email Address")
_("Are you sure you want to sign out?")
_("Are you sure?")
_("Authenticator App")
_("Bad Token")
_("Change Password")
_("Confirm Access")
_("Confirm Email Address")
_("Confirmation email sent to %(email)s.")
_("Current Password")
_("Deactivate Authenticator App")
_("Email")
_("Email Addresses")
_("Email address")
_("Enter Email Verification Code")
_("Enter Sign-In Code")
_("Forgot Password?")
_(
    "Forgotten your password? Enter your email address below, and we'll send you an email"
    " allowing you to reset it."
)
_("Make Primary")
_("New Password")
_("New Password (again)")
_("Password Reset")
_("Please contact us if you have any trouble resetting your password.")
_("Please reauthenticate to safeguard your account.")
_("Re-send Verification")
_("Recovery Codes")
_("Remember Me")
_("Request new code")
_("Reset My Password")
_("Set Password")
_("Select a valid choice. %(value)s is not one of the available choices.")
_("Sign In")
_("Sign-In Code")
_("Sign Out")
_("Sign Up")
_("Successfully signed in as %(name)s.")
_(
    "The password reset link was invalid, possibly because it has already been used.  Please request a"
    ' <a href="%(passwd_reset_url)s">new password reset</a>.'
)
_("The following email addresses are associated with your account:")
_("Two-Factor Authentication")
_("We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon.")
_(
    "We have sent you an email. If you have not received it please check your spam folder."
    " Otherwise contact us if you do not receive it in a few minutes."
)
_("This mail can be safely ignored if you did not initiate this action.")
_("You have signed out.")
_("Your password is now changed.")
_("Your sign-in code is listed below. Please enter it in your open browser window.")
