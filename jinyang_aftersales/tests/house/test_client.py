from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestClient(HttpCase):
    """The unit tests of JavaScript, in a headless browser."""

    def test_scripts(self):
        suite = "&".join(f"id={self._hash(name)}" for name in ("@jinyang_aftersales",))
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&{suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )

    @staticmethod
    def _hash(name):
        """:return: the hash by which the test page identifies a suite"""
        number = 0
        for character in name:
            number = (number * 31 + ord(character)) & 0xFFFFFFFF
        return f"{number:08x}"
