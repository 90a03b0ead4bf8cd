"""The newsroom: feed documents become articles, articles stories, stories digests, digests deliveries.

Knows nothing of Telegram, of the environment or of the time; it is handed a clock. Data flows one way:

    gathering ─► archive ─► filing ─► archive ─► editing ─► delivery ─► messenger
                                                    ▲
                                               conversation   (reads what was filed, writes what a person wishes)

model/ the domain types · errors.py · ports.py how the newsroom meets the world · text/ words and sentences
adapters/ the world itself, picked by bot/wiring.py and the stores
"""
