"""Kills, frozen processes, races, random histories and hostile input."""
