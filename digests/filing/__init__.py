"""Articles get topics and stories, once each, as they come: relevance.py and stories.py decide, file.py is the pass."""
