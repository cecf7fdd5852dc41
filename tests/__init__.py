"""What people see and what the store keeps, told by what they do."""
