"""What a token for meeting again says, and to whom."""
