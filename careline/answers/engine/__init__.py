"""The answer engine: words in, a decision out. Knows nothing of Django or the database.

`decide.Engine` holds what may be said (`model.Knowledge`) and decides, for one
question, which approved answer fits or why none may be given.
"""
