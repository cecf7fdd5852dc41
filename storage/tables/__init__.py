"""The tables, a module for each aggregate.

Every row carries its workspace in its primary or a unique key, and rows refer to each other within
one workspace only.
"""
