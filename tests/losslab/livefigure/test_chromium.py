"""The static page in Chromium: by keyboard, by pointer, on a phone, in the dark, on paper."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from playwright import sync_api as playwright

from book import reference
from losslab.style import COLOUR

HUBER = [round(0.2 + 0.1 * k, 1) for k in range(31)]
AXES = {"n": [1, 2, 3, 4], "scale": ["linear", "log"]}
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium(chromium_path):
    with playwright.sync_playwright() as start:
        browser = start.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open the page; afterwards nothing may have been said on the console or asked of anybody."""
    pages = []

    def open_page(**settings):
        page = chromium.new_context(**{"viewport": DESKTOP} | settings).new_page()
        heard = []
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: heard.append(request.url))
        page.goto(site)
        pages.append((page, heard))
        return page

    yield open_page
    for page, heard in pages:
        page.context.close()
        assert [text for text in heard if not text.startswith(("data:image/png", "blob:"))] == [
            site
        ]


def drawing(page, number=0):
    """The SVG of a figure as it stands in the page."""
    svg = page.locator(".livefigure svg").nth(number)
    return svg.evaluate("svg => new XMLSerializer().serializeToString(svg)")


def spoken(page, number=0):
    return page.get_by_role("img").nth(number).get_attribute("aria-label")


def test_every_state_by_keyboard(visit, figures, alone, same):
    page = visit()
    slider = page.get_by_role("slider", name="Threshold δ (minutes)", exact=True)
    assert slider.input_value() == "8", "δ = 1, the default of draw"
    assert same(drawing(page)) == alone(figures["huber"], delta=1.0)
    slider.press("Home")
    for delta in HUBER:
        assert same(drawing(page)) == alone(figures["huber"], delta=delta)
        assert slider.get_attribute("aria-valuetext") == f"The line bends at ±{delta:.1f} minutes."
        assert spoken(page) == f"The line bends at ±{delta:.1f} minutes."
        assert page.locator(".lf-value").first.text_content() == f"{delta:.1f}"
        slider.press("ArrowRight")
    slider.press("Home")
    assert same(drawing(page)) == alone(figures["huber"], delta=HUBER[0])


def test_every_state_by_pointer(visit, figures, alone, same):
    page = visit()
    box = page.get_by_role("slider").first.bounding_box()
    thumb = 16
    middle = box["y"] + box["height"] / 2
    order = np.random.default_rng(0).permutation(len(HUBER)).tolist()
    for clicked, dragged in zip(order[0::2], order[1::2], strict=False):
        x = [box["x"] + thumb / 2 + (box["width"] - thumb) * k / 30 for k in (clicked, dragged)]
        page.mouse.move(x[0], middle)
        page.mouse.down()
        assert same(drawing(page)) == alone(figures["huber"], delta=HUBER[clicked])
        page.mouse.move(x[1], middle)
        assert same(drawing(page)) == alone(figures["huber"], delta=HUBER[dragged]), (
            "while it moves"
        )
        page.mouse.up()


def test_a_choice_and_axes_that_change_and_the_other_figure_stays(visit, figures, alone, same):
    page = visit()
    other = drawing(page, 0)
    slider = page.get_by_role("slider", name="n", exact=True)
    for scale in ["log", "linear", "log"]:
        page.get_by_role("group", name="scale").get_by_label(scale).check()
        slider.press("Home")
        for n in AXES["n"]:
            assert same(drawing(page, 1)) == alone(figures["moving_axes"], n=n, scale=scale)
            assert spoken(page, 1) == f"Points from 1 to {n}0 on a {scale} axis."
            slider.press("ArrowUp")
    radio = page.get_by_label("log", exact=True)
    radio.press("ArrowLeft")
    assert spoken(page, 1).endswith("linear axis."), "arrow keys choose"
    assert drawing(page, 0) == other


def test_references_stay_within_their_figure(visit):
    page = visit()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids)) > 5
    for number in range(3):
        assert (
            page.locator(".livefigure")
            .nth(number)
            .evaluate(
                """figure => [...figure.querySelectorAll("use, [clip-path]")].every((node) =>
            figure.querySelector((node.getAttribute("href") || node.getAttribute("clip-path"))
            .replace(/^url\\(|\\)$/g, "")))"""
            )
        )


def test_no_global_name_is_left(visit):
    page = visit()
    left = page.evaluate("Object.getOwnPropertyNames(window).filter((key) => !names.includes(key))")
    assert set(left) <= {"names", "shift"}


def test_nothing_moves_but_the_drawing(visit):
    page = visit()
    below = page.get_by_text("After.").bounding_box()
    for name in ["Threshold δ (minutes)", "n"]:
        slider = page.get_by_role("slider", name=name, exact=True)
        for key in ["Home", "ArrowRight", "End"]:
            slider.press(key)
    page.wait_for_timeout(600)  # shifts right after a key are excused, so ask for positions too
    page.evaluate("document.querySelector('input').value = 3")
    assert page.get_by_text("After.").bounding_box() == below
    assert page.evaluate("shift") == 0


SCRUB = """async () => {
  const slider = document.querySelector("input[type=range]");
  const best = Array(31).fill(Infinity);
  for (let turn = 0; turn < 5 * 31; turn++) {
    await new Promise(requestAnimationFrame);
    const state = (turn * 7) % 31;
    const start = performance.now();
    slider.value = state;
    slider.dispatchEvent(new Event("input"));
    const channel = new MessageChannel();
    const painted = new Promise((done) => (channel.port1.onmessage = done));
    channel.port2.postMessage(0);
    await painted;
    best[state] = Math.min(best[state], performance.now() - start);
  }
  return best;
}"""


@pytest.mark.parametrize(("slower", "budget"), [(1, 8), (6, 30)])
def test_scrubbing_is_fast(visit, slower, budget):
    """Milliseconds from the event to the painted frame; of five turns the one least disturbed."""
    page = visit()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    times = page.evaluate(SCRUB)
    assert np.percentile(times, 99) < budget, times


def rgb(css):
    return [int(float(part)) for part in css[css.index("(") + 1 : -1].split(",")[:3]]


def test_light_dark_and_paper(visit):
    page = visit(color_scheme="dark")
    huber = page.get_by_text("huber", exact=True)
    ink = page.get_by_text("ink", exact=True)

    def colour(text):
        return rgb(text.evaluate("text => getComputedStyle(text).fill"))

    light = colour(huber)
    assert light == [int(COLOUR["huber"][k : k + 2], 16) for k in (1, 3, 5)]
    assert colour(ink) == [0, 0, 0], "a page that declares nothing is light"
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert colour(ink) == [206, 214, 221]
    assert colour(huber) != light
    page.emulate_media(media="print")
    assert colour(ink) == [0, 0, 0]
    assert colour(huber) == light
    assert page.get_by_text("Threshold δ (minutes)").is_visible()
    assert page.locator(".lf-value").first.is_visible(), "paper says which state it shows"
    assert page.get_by_text("linear", exact=True).is_visible()
    for gone in [".livefigure input", ".livefigure button", "label:has-text('log')"]:
        assert not any(node.is_visible() for node in page.locator(gone).all())


def test_on_a_phone(visit):
    page = visit(viewport=PHONE, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for figure in page.locator(".livefigure").all():
        frame = figure.bounding_box()
        scale = figure.locator("svg").evaluate(
            "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
        )
        for text in figure.locator("svg text").all():
            box = text.bounding_box()
            assert box["x"] >= frame["x"] - 1
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
            size = text.evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
            small = text.evaluate("text => !!text.closest('g[transform]')")
            assert size * scale >= (7.5 if small else 11), text.text_content()
    for control in page.locator(
        ".livefigure input[type=range], .lf-play, .lf-row label:has(input)"
    ).all():
        assert control.bounding_box()["height"] >= 44


def test_a_touch_moves_the_slider(visit):
    page = visit(viewport=PHONE, has_touch=True)
    box = page.get_by_role("slider").first.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 8, box["y"] + 40)
    assert spoken(page) == "The line bends at ±3.2 minutes."


def test_focus_is_seen(visit):
    page = visit()
    slider = page.get_by_role("slider").first
    page.keyboard.press("Tab")
    assert slider.evaluate("input => input === document.activeElement")
    assert slider.evaluate("input => getComputedStyle(input).outlineWidth") == "2px"


def test_other_fonts_change_no_width(visit):
    page = visit()
    words = page.locator(".livefigure svg text")

    def widths():
        return words.evaluate_all("all => all.map((text) => text.getBoundingClientRect().width)")

    horizontal = [k for k, text in enumerate(words.all()) if not text.get_attribute("transform")]
    before = widths()
    page.add_style_tag(content="svg text { font-family: monospace !important }")
    after = widths()
    assert [after[k] for k in horizontal] == pytest.approx([before[k] for k in horizontal], abs=1.5)


def stop_the_clock(page):
    """Let time go by only where a test says so, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def test_play_and_pause(visit):
    page = visit()
    stop_the_clock(page)
    play = page.get_by_role("button", name="Play")
    slider = page.get_by_role("slider", name="n", exact=True)
    slider.press("Home")
    play.click()
    assert play.count() == 0
    page.get_by_role("button", name="Pause").click()
    here = slider.input_value()
    page.clock.run_for(3000)
    assert slider.input_value() == here == "1"
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(3000)
    assert slider.input_value() == "3"
    assert play.is_visible(), "stopped at the end"
    play.click()
    assert slider.input_value() == "0", "again from the start"


def test_reduced_motion_plays_by_steps(visit):
    page = visit(reduced_motion="reduce")
    stop_the_clock(page)
    slider = page.get_by_role("slider", name="n", exact=True)
    slider.press("Home")
    page.get_by_role("button", name="Step").click()
    page.clock.run_for(3000)
    assert slider.input_value() == "1"


def test_without_scripts_a_picture(visit):
    page = visit(java_script_enabled=False)
    pictures = page.get_by_role("img")
    assert [picture.get_attribute("alt") for picture in pictures.all()] == [
        "The line bends at ±1.0 minutes.",
        "Points from 1 to 30 on a linear axis.",
        "Two lines with their names.",
    ]
    assert all(picture.bounding_box()["width"] == 480 for picture in pictures.all())
    assert page.locator("input, button").count() == 0


def test_a_figure_is_saved_whole(visit, figures, alone):
    page = visit()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.get_by_role("slider").first.press("End")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG").first.click()
    assert download.value.suggested_filename == "figure.svg"
    text = download.value.path().read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("360pt", "230.4pt")
    assert root.get("aria-label") == "The line bends at ±3.2 minutes."
    assert "var(" not in text and "currentColor" not in text
    words = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "\u00a0= 3.2" in words or reference.differences()  # older Matplotlib: in pieces
    assert "=3.2" in "".join("".join(root.itertext()).split())
    assert json.dumps(text).count("#750062") >= 2


def test_the_first_page_is_still_there(visit):
    """The picture's place is kept, so what follows stands where it will stay."""
    sizes = [
        visit(java_script_enabled=scripts).locator(".lf-picture").first.bounding_box()
        for scripts in (True, False)
    ]
    assert sizes[0] == sizes[1]
