"""Who is offered which contact: pure decisions, run on the log and on a virtual clock."""
