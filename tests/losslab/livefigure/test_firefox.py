"""The same page in Firefox, which is driven through WebDriver BiDi, its own remote protocol."""

import asyncio
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado.websocket import websocket_connect


async def drive(firefox, profile, url, script):
    """Open `url` in a new Firefox, and press the keys and collect the answers that `script` says."""
    process = subprocess.Popen(
        [firefox, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        loop = asyncio.get_running_loop()
        while not (ready := re.search(r"listening on (ws://\S+)", await loop.run_in_executor(None, process.stderr.readline))):
            assert process.poll() is None, "Firefox ended"
        socket = await websocket_connect(f"{ready[1]}/session", max_message_size=2**25)
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

        async def evaluate(expression):
            target = {"context": context}
            answer = await send("script.evaluate", expression=expression, target=target, awaitPromise=True)
            assert answer["type"] == "success", answer
            return answer["result"].get("value")

        async def press(key):
            keys = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
            actions = [{"type": "key", "id": "keyboard", "actions": keys}]
            await send("input.performActions", context=context, actions=actions)

        answers = await script(evaluate, press)
        await send("browser.close")
        return answers, events
    finally:
        process.terminate()
        process.communicate(timeout=20)


HOME, RIGHT = "\ue011", "\ue014"
DRAWING = "new XMLSerializer().serializeToString(document.querySelector('.livefigure svg'))"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_every_state_by_keyboard(firefox_path, site, figures, alone, same, tmp_path):
    async def walk(evaluate, press):
        await evaluate("document.querySelector('input[type=range]').focus()")
        await press(HOME)
        seen = []
        for _ in range(31):
            seen.append((await evaluate(DRAWING), await evaluate("document.activeElement.ariaValueText")))
            await press(RIGHT)
        return seen

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps this one's event loop
        run = thread.submit(asyncio.run, drive(firefox_path, str(tmp_path), site, walk))
        seen, events = run.result(timeout=90)
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
