"""The Telegram side: updates in, messages out. No editorial decision is taken here.

__main__.py → cli.py → wiring.py picks adapters → application.py the handler table → handlers/ → views/
jobs.py drives gathering, delivery and housekeeping · messenger.py, pacing.py, transport.py carry what is sent
inbox.py keeps updates until they are handled · playground/ a Bot API server of our own
"""
