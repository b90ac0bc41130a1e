"""Who is offered which contact: pure decisions, and the same run on the log and on a virtual clock."""
