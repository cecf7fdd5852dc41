"""What people do with Opslore, and what they see then."""
