"""What a value is: pure functions, no session, no table."""
