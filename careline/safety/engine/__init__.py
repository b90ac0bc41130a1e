"""The pure engine: rule data in, an assessment out. No Django, no files, no clock."""
