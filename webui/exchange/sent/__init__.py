"""Sheets that were sent to someone to be edited, and what is in them when they come back."""
