"""Mutation testing of the checks of access: each is removed in turn, in a copy of the source, and a test must fail.

A mutant is one such change. docs/decisions/0034-second-locks.md says what is done with those that no test notices.
"""
