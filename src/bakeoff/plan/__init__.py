"""The user's file and arguments, checked at the door, become a frozen plan."""
