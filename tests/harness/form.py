"""Odoo's forms and lists as a person uses them: fields by their names, buttons by their methods."""

from contextlib import suppress

from playwright.sync_api import Error, TimeoutError


def field(root, name):
    """Return the widget of a field.

    :param root: a page, or a part of it such as a dialog
    :param str name: technical name of the field
    :rtype: playwright.sync_api.Locator
    """
    return root.locator(f".o_field_widget[name={name}]")


def fill(root, name, text):
    """Type into a text, number or date field and leave it."""
    box = field(root, name).locator("input:visible, textarea:visible").first
    box.fill(text)
    box.press("Tab")


def choose(root, name, text):
    """Search a record by a part of its name and choose the first one found.

    :raises playwright.sync_api.TimeoutError: when none is found
    """
    widget = field(root, name)
    # the drop-down list is a child of the page, not of the field
    found = widget.page.locator(".o-autocomplete--dropdown-item").filter(has_text=text).first
    for patience in (2_000, 5_000, 20_000):
        # an onchange of another field may empty the input again
        widget.locator("input").first.fill(text)
        try:
            found.click(timeout=patience)
            return
        except TimeoutError:
            if patience == 20_000:
                raise


def press(page, name):
    """Press a button of the open form by its method, also where a phone hides it behind the three dots."""
    button = page.locator(f".o_form_view .o_form_statusbar button[name={name}]")
    more = page.locator(".o_form_statusbar .o_statusbar_buttons button:has(.oi-ellipsis-v)")
    button.or_(more).first.wait_for()
    if button.count():
        button.click()
        return
    behind = page.locator(f".o-dropdown--menu button[name={name}]:visible").first
    for patience in (5_000, 10_000, 20_000):
        # a form that is still being rendered closes the menu again
        if not behind.count():
            more.click()
        try:
            behind.wait_for(timeout=patience)
            # a phone's menu slides in from below, and away again from a page that scrolls to a button not yet seen
            wait_still(behind)
            behind.click(timeout=patience)
            return
        except TimeoutError:
            if patience == 20_000:
                raise


def wait_still(item, attempts=30):
    """Wait a moment until an item has stopped moving, as a whole within the screen.

    :param item: locator of the item
    :param int attempts: tenths of a second
    """
    before = None
    for _attempt in range(attempts):
        box = item.bounding_box()
        if box and box == before and box["y"] + box["height"] <= item.page.viewport_size["height"]:
            return
        before = box
        item.page.wait_for_timeout(100)


def save(page):
    """Save the open form and wait until it is saved."""
    page.locator(".o_form_button_save").click()
    page.locator(".o_form_button_save").wait_for(state="hidden")


def wait_state(page, state):
    """Wait until the bar of the open form shows a state, on the phone its menu does.

    :param str state: value of the state, or its label on a phone
    """
    page.locator(
        f".o_arrow_button_current[data-value={state!r}]:visible,"
        f" .o_statusbar_status .dropdown-toggle:visible:text-is({state!r})"
    ).first.wait_for()


def unfold(page, text):
    """Open a group of the list and wait for its first row.

    :param str text: name of the group
    :raises playwright.sync_api.TimeoutError: when it does not open
    """
    group = page.locator(".o_group_header").filter(has_text=text)
    opened = page.locator(".o_group_header.o_group_open").filter(has_text=text)
    first_row = opened.locator("xpath=following-sibling::tr[1]").and_(page.locator(".o_data_row"))
    for patience in (5_000, 10_000, 20_000):
        group.wait_for()
        # a click is lost while the list is still being rendered; a second one on an open group closes it
        if not opened.count():
            group.click()
        try:
            first_row.wait_for(timeout=patience)
            return
        except TimeoutError:
            if patience == 20_000:
                raise


def draw(page, canvas):
    """Draw a line with mouse or finger, down and up across a canvas."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    points = [(0.2, 0.7), (0.35, 0.25), (0.5, 0.75), (0.65, 0.3), (0.8, 0.6)]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def card_box(page, card):
    """:return: position of a card after the board has stopped rendering"""
    before = box = None
    for _attempt in range(50):
        with suppress(Error):
            card.scroll_into_view_if_needed(timeout=1000)
            box = card.bounding_box()
            if box and box == before:
                break
            before = box
        page.wait_for_timeout(100)
    assert box, "the card is not on the board"
    return box


def drag(page, card, target):
    """Drag a card of a board onto another column, with the mouse."""
    box = card_box(page, card)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    box = target.bounding_box()
    # in steps, because the board starts dragging only after some movement
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=15)
    page.mouse.up()
