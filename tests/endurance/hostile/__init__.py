"""Hostile input by the thousand: typed texts, forged requests, and faults they must not cause."""
