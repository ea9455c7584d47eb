"""How well the rule for an unusually low session does, beside the rules in use elsewhere, on simulated clients."""
