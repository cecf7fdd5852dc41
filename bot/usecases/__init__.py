"""What one can do, by subject; knows neither Slack nor SQL."""
