"""Digests reach people, once each: editions.py says what is due (pure), deliver.py is the pass.

agenda.py who is due when · courier.py one edition on its way · notices.py what may not have arrived
places.py how many at once · shift.py what they share · turns.py when messages may go · health.py what a doctor finds (pure)
"""
