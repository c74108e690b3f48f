"""Headless Chromium in front of the running system."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from world import World

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A loaded machine is slow; what is not there after this long is not coming.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[Browser]:
    """Start the machine's Chromium; the tests are skipped, and say so, where there is none.

    For one module at a time and after the system: while it runs, Playwright holds this thread's event loop.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium`, then run again")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, world: World) -> Iterator[Callable[..., Page]]:
    """Return a way to open a page as somebody already signed in, or as nobody."""
    contexts = []

    def opened(player: str | None = None, size: str = "desktop") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=world.system.url, viewport={"width": width, "height": height}, locale="fr-FR"
        )
        contexts.append(context)
        if player is not None:
            name, value = world.as_(player).cookie["Cookie"].split("=", 1)
            # Named with https because Chromium takes `Secure` cookies for localhost but not under an http address.
            context.add_cookies([{"name": name, "value": value, "url": "https://localhost", "secure": True}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
