"""What reminders are made of: whom a matter is for, the lines of a digest, the call sheet. Pure."""
