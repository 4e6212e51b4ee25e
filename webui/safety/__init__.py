"""Whole files: opened, checked, upgraded, copied, put in each other's place. Knows no Flask."""
