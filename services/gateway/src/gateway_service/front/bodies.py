"""Bodies of requests: small ones are taken in whole, files pass through; neither is ever parsed here."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Receive

from gateway_service.front.refusals import SentTooSlowly, TooLarge

_FILE_TYPES: Final = (b"multipart/form-data", b"application/pdf", b"image/", b"application/octet-stream")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a body may be and how long may pass between two parts of it."""

    whole_bytes: int
    streamed_bytes: int
    stall_seconds: float


class ClientGone(Exception):
    """The browser went away before it had sent everything."""


def is_file(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether the body is a file, to be streamed."""
    return headers.get(b"content-type", b"").lower().startswith(_FILE_TYPES)


def announced(headers: Mapping[bytes, bytes]) -> int | None:
    """Return the announced length; the server has checked that it is a number."""
    length = headers.get(b"content-length")
    return None if length is None else int(length)


async def take_whole(receive: Receive, headers: Mapping[bytes, bytes], limits: Limits) -> bytes:
    """Return a small body; raises `TooLarge` at the first byte too many."""
    if (announced(headers) or 0) > limits.whole_bytes:
        raise TooLarge
    message = await _next(receive, limits)
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        parts = [body]
        size = len(body)
        while message.get("more_body", False):
            message = await _next(receive, limits)
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > limits.whole_bytes:
                raise TooLarge
        body = b"".join(parts)
    if len(body) > limits.whole_bytes:
        raise TooLarge
    return body


async def pass_through(receive: Receive, limits: Limits) -> AsyncIterator[bytes]:
    """Yield a file part by part, as it comes."""
    size = 0
    more = True
    while more:
        message = await _next(receive, limits)
        part: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(part)
        if size > limits.streamed_bytes:
            raise TooLarge
        if part:
            yield part


async def _next(receive: Receive, limits: Limits) -> Message:
    try:
        async with asyncio.timeout(limits.stall_seconds):
            message = await receive()
    except TimeoutError as error:
        raise SentTooSlowly from error
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message
