"""What the bot's inbox may rely on when it stores updates."""


async def test_updates_wait_in_the_order_of_their_ids(updates):
    assert await updates.put(12, b"twelve")
    assert await updates.put(11, b"\x00eleven")
    assert await updates.unhandled() == (b"\x00eleven", b"twelve")


async def test_a_known_update_is_not_stored_again(updates):
    assert await updates.put(11, b"eleven")
    assert not await updates.put(11, b"another body")
    assert await updates.unhandled() == (b"eleven",)


async def test_a_handled_update_waits_no_longer_and_stays_known(updates):
    await updates.put(11, b"eleven")
    await updates.put(12, b"twelve")
    await updates.handled(11)
    assert await updates.unhandled() == (b"twelve",)
    assert not await updates.put(11, b"eleven")
    await updates.handled(99)


async def test_updates_that_are_had_already_may_be_left_out(updates):
    for number in (11, 12, 13):
        await updates.put(number, str(number).encode())
    assert await updates.unhandled({11, 13, 99}) == (b"12",)
