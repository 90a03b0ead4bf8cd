"""The Telegram side: updates in, messages out. No editorial decision is taken here.

__main__.py → cli.py → wiring.py picks adapters → application.py the handler table → handlers/ → views/
front_desk.py the services that people reach · rounds.py what is done by itself, which jobs.py drives and owner.py tells of
messenger.py, pacing.py, transport.py carry what is sent
inbox.py keeps updates until they are handled · playground/ a Bot API server of our own
"""
