"""Simulation: how well the rule for an unusually low session does on invented clients, beside other rules."""
