"""The domain types, frozen: sources (where from), articles, topics, stories, digests, people, deliveries.

Every datetime is aware and in UTC unless its name says local; sequences are tuples.
"""
