"""What a person may ask, one small service a noun.

subscriptions.py what a chat follows and when · topics.py what there is · proposals.py topics in own words
latest.py a digest now · followups.py, comparisons.py its stories · outlooks.py where a topic stands
presence.py where the bot is · privacy.py what is stored · times.py, zones.py, cities.py, wishes.py, words.py what is typed: pure
"""
