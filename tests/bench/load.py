"""A closed loop of requests from a process of its own, over loopback, bounded in count."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

Call = Callable[[aiohttp.ClientSession], Awaitable[int]]


@dataclass(frozen=True)
class Load:
    """What a load gave: answers a second and latencies in milliseconds."""

    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


async def press(call: Call, count: int, connections: int = 16) -> Load:
    """Send `count` requests over `connections` kept-alive connections; every one must succeed."""
    latencies: list[float] = []
    turns = iter(range(count))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as http:

        async def one_connection() -> None:
            for _ in turns:
                started = time.perf_counter()
                status = await call(http)
                latencies.append((time.perf_counter() - started) * 1000)
                if status >= 300:
                    raise RuntimeError(f"a request of the load was answered {status}")

        started = time.perf_counter()
        await asyncio.gather(*(one_connection() for _ in range(connections)))
        seconds = time.perf_counter() - started
    latencies.sort()
    p50, p95, p99 = (latencies[min(len(latencies) - 1, int(len(latencies) * q))] for q in (0.5, 0.95, 0.99))
    return Load(count / seconds, p50, p95, p99)
