"""What a person may ask, one small service a noun: subscriptions.py, topics.py, followups.py."""
