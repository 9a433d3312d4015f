"""A customer on the portal: drawing by mouse or finger, and the check of a page's width."""

STROKES = (
    ((0.2, 0.7), (0.3, 0.3), (0.4, 0.7)),
    ((0.5, 0.3), (0.6, 0.7), (0.75, 0.35)),
)


def draw_strokes(page, canvas):
    """Draw two strokes of a signature on a canvas: by finger on a page with touch, else by mouse.

    :param page: the page; with touch if it is a phone's
    :param canvas: locator of the canvas
    """
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    strokes = [
        [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        for stroke in STROKES
    ]
    stroke = _finger if page.evaluate("navigator.maxTouchPoints > 0") else _mouse
    for points in strokes:
        stroke(page, points)


def _mouse(page, points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def _finger(page, points):
    # by the DevTools protocol, because Playwright can tap but not move a finger
    session = page.context.new_cdp_session(page)

    def touch(kind, *where):
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in where]},
        )

    touch("touchStart", points[0])
    for start, end in zip(points, points[1:], strict=False):
        for step in range(1, 6):
            touch(
                "touchMove",
                tuple(old + (new - old) * step / 5 for old, new in zip(start, end, strict=True)),
            )
    touch("touchEnd")
    session.detach()


def overflow(page):
    """How many pixels a page is wider than its screen, and the elements that are too wide.

    :return: empty when the page fits the screen
    :rtype: str
    """
    # wait for the styles, without which a page may be wider
    page.wait_for_load_state()
    return page.evaluate(
        """() => {
            const room = window.innerWidth;
            const width = document.documentElement.scrollWidth;
            if (width <= room) {
                return "";
            }
            const wide = [...document.querySelectorAll("main *")].filter(
                (element) => element.getBoundingClientRect().right > room + 1
            );
            const names = wide.slice(-3).map((element) => element.outerHTML.slice(0, 80));
            return `${width - room} px too wide: ${names.join(" | ")}`;
        }"""
    )
