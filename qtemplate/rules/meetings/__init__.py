"""Meetings about a feedback: whom a row of 会议 invites, what changes an invitation, what takes it back. Pure."""
