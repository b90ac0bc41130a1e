"""The names of the routes that show pages to read, the same for everybody."""

# What the service says in its own words, in every language.
OWN_PAGES = ("site:home", "site:questions", "site:words", "site:privacy", "site:accessibility")
# Every page with reviewed sentences.
REVIEWED_PAGE = "wagtail_serve"
