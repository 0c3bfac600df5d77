"""So many at once, so many waiting, a deadline, and nobody worked for who has hung up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from ui.serving.refusals import Gone, Refused
from ui.serving.room import Room

pytestmark = [pytest.mark.enable_socket]  # an event loop has a pair of sockets of its own


async def here() -> bool:
    return False


async def left() -> bool:
    return True


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 30))


def test_what_the_work_gives_comes_in_order_and_what_it_raises_is_raised() -> None:
    async def scene() -> None:
        room = Room(1, 0, 10)
        assert [item async for item in room.each(here, lambda _: iter([1, 2, 3]))] == [1, 2, 3]
        with pytest.raises(ZeroDivisionError):
            await room.once(here, lambda: 1 // 0)
        assert await room.once(here, lambda: None) is None

    run(scene)


def test_more_than_may_wait_are_refused_with_a_time() -> None:
    async def scene() -> None:
        room, go = Room(1, 1, 10), threading.Event()
        first = asyncio.create_task(room.once(here, go.wait))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(room.once(here, lambda: "second"))
        await asyncio.sleep(0.05)
        with pytest.raises(Refused) as raised:
            await room.once(here, lambda: "third")
        assert raised.value.status == 429 and int(raised.value.headers["Retry-After"]) >= 1
        go.set()
        assert await first and await second == "second"
        assert await room.once(here, lambda: "fourth") == "fourth"

    run(scene)


def test_a_deadline_ends_the_waiting_but_the_place_is_kept_until_the_work_has_ended() -> None:
    async def scene() -> None:
        room, go = Room(1, 5, 0.3), threading.Event()
        for _ in range(2):  # the first is worked on too long, the second waits too long for its place
            with pytest.raises(Refused) as raised:
                await room.once(here, go.wait)
            assert raised.value.status == 504 and raised.value.headers["x-should-retry"] == "false"
        go.set()
        await asyncio.sleep(0.1)
        assert await room.once(here, lambda: "free") == "free"

    run(scene)


@pytest.mark.parametrize("how", ["gone", "closed", "cancelled"])
def test_work_stops_once_nobody_waits_for_it(how: str) -> None:
    async def scene() -> None:
        room, given = Room(1, 5, 20), []

        def work(stopped: Callable[[], bool]) -> Iterator[int]:
            for number in range(10_000):
                if stopped():
                    return
                given.append(number)
                time.sleep(0.005)
                yield number

        async def listen() -> None:
            async with aclosing(
                room.each(left if how == "gone" else here, slow if how == "gone" else work)
            ) as items:
                async for _ in items:
                    if how == "closed":
                        return

        def slow(stopped: Callable[[], bool]) -> Iterator[int]:
            while not stopped():
                given.append(0)
                time.sleep(0.005)
            return iter(())

        task = asyncio.create_task(listen())
        if how == "gone":
            with pytest.raises(Gone):
                await task
        else:
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert await room.once(here, lambda: "free") == "free"
        so_many = len(given)
        await asyncio.sleep(0.1)
        assert 0 < len(given) == so_many

    run(scene)


def test_who_hangs_up_in_the_queue_gives_its_place_up() -> None:
    async def scene() -> None:
        room, go = Room(1, 1, 20), threading.Event()
        first = asyncio.create_task(room.once(here, go.wait))
        await asyncio.sleep(0.05)
        with pytest.raises(Gone):
            await room.once(left, lambda: "never")
        waiting = asyncio.create_task(room.once(here, lambda: "next"))
        await asyncio.sleep(0.05)
        go.set()
        assert await first and await waiting == "next"

    run(scene)


def test_many_come_and_go_and_no_place_is_lost() -> None:
    async def scene() -> None:
        room = Room(3, 1000, 20)

        async def visitor(number: int) -> None:
            task = asyncio.create_task(room.once(here, lambda: time.sleep(0.002)))
            if number % 3 == 0:
                await asyncio.sleep(0.001 * (number % 17))
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        await asyncio.gather(*map(visitor, range(300)))
        go = threading.Event()
        taken = [asyncio.create_task(room.once(here, go.wait)) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert room._free.locked() and not any(task.done() for task in taken)
        go.set()
        assert all(await asyncio.gather(*taken))
        await asyncio.sleep(0.05)
        assert room._free._value == 3

    run(scene)
