"""Endurance tests: kills, frozen processes, races, random histories and hostile input."""
