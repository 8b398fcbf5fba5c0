"""The same page in Firefox, which is driven through WebDriver BiDi, its own remote protocol."""

import asyncio
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado.websocket import websocket_connect


def start(firefox, profile):
    """Start a Firefox and return it with the address at which it listens."""
    process = subprocess.Popen(
        [firefox, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if ready := re.search(r"listening on (ws://\S+)", line):
            return process, f"{ready[1]}/session"
    pytest.fail("Firefox ended before it listened")


async def drive(address, url, script):
    """Open `url` in the Firefox at `address`; return what `script` finds, and all events."""
    socket = await websocket_connect(address, max_message_size=2**25)
    events, count = [], 0

    async def send(method, **params):
        nonlocal count
        count += 1
        await socket.write_message(json.dumps({"id": count, "method": method, "params": params}))
        while True:
            answer = json.loads(await socket.read_message())
            if answer.get("id") == count:
                assert answer["type"] == "success", answer
                return answer["result"]
            events.append(answer)

    await send("session.new", capabilities={})
    context = (await send("browsingContext.getTree"))["contexts"][0]["context"]
    await send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
    await send("browsingContext.navigate", context=context, url=url, wait="complete")

    async def evaluate(code):
        where = {"context": context}
        answer = await send("script.evaluate", expression=code, target=where, awaitPromise=True)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    async def press(key):
        keys = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": keys}]
        await send("input.performActions", context=context, actions=actions)

    found = await script(evaluate, press)
    socket.close()
    return found, events


HOME, RIGHT = "\ue011", "\ue014"
DRAWING = "new XMLSerializer().serializeToString(document.querySelector('.livefigure svg'))"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_every_state_by_keyboard(firefox_path, site, figures, alone, same, tmp_path):
    async def walk(evaluate, press):
        await evaluate("document.querySelector('input[type=range]').focus()")
        await press(HOME)
        seen = []
        for _ in range(31):
            spoken = await evaluate("document.activeElement.ariaValueText")
            seen.append((await evaluate(DRAWING), spoken))
            await press(RIGHT)
        return seen

    process, address = start(firefox_path, str(tmp_path))
    try:
        with ThreadPoolExecutor(1) as thread:  # Playwright keeps this one's event loop
            run = thread.submit(asyncio.run, drive(address, site, walk))
            seen, events = run.result(timeout=90)
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert len({svg for svg, _ in seen}) == 31
    for number, (svg, spoken) in enumerate(seen):
        delta = round(0.2 + 0.1 * number, 1)
        assert same(svg) == alone(figures["huber"], delta=delta)
        assert spoken == f"The line bends at ±{delta:.1f} minutes."
    said = [event["params"] for event in events if event.get("method") == "log.entryAdded"]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event.get("method") == "network.beforeRequestSent"
    ]
    assert not said
    assert [url for url in asked if not url.startswith(("data:", site))] == []
