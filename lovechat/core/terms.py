"""The text that people agree to when they make an account."""

# Raised with every change of the texts under `signup.terms` in the catalogues.
TERMS_VERSION = "1"
