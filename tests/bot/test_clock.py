"""The clocks: which of them goes on whoever sets the machine's time."""

from datetime import UTC, datetime, timedelta

from bot import clock


def test_the_steady_clock_goes_on_however_the_machines_is_set(monkeypatch):
    before = clock.steady_clock()
    monkeypatch.setattr(clock, "machine_clock", lambda: datetime(1999, 1, 1, tzinfo=UTC))
    after = clock.steady_clock()
    assert timedelta() <= after - before < timedelta(minutes=1)
    assert after.tzinfo is UTC
