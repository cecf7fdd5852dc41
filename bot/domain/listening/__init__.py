"""Listening to chat: group threads into recurring matters, and decide whom to ask about them."""
