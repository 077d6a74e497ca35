"""What makes it safe to open the doors to everybody: who somebody is, and how much they may do."""
