"""The visitor's pages; each works without JavaScript."""
