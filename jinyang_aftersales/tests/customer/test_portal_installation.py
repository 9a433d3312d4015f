"""Customers' software on the portal: shown and hidden values (五.6)."""

from odoo.tests import HttpCase, freeze_time, tagged

from ..common import AftersalesCommon
from ..portal.common_portal import ODD_VALUES, PortalBrowser


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestPortalInstallation(PortalBrowser, AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.installation = cls.make_installation(
            serial="JY-77", end=cls.day("2026-03-31"), version="V9"
        )
        cls.installation.write(
            {"usage_note": "Secret grumbling", "usage_state": "rare", "serial_state": "irregular"}
        )
        cls.foreign = cls.make_installation(serial="ZZ-99", end=cls.day("2026-12-31"))
        cls.people = {
            name: cls.make_user(
                name,
                "base.group_portal",
                lang="en_US",
                password=f"aftersales_{name}",
                partner_id=cls.env["res.partner"].create({"name": name, "parent_id": parent.id}).id,
            )
            for name, parent in {
                "alice": cls.installation.partner_id,
                "bob": cls.foreign.partner_id,
            }.items()
        }
        cls.url = f"/my/installations/{cls.installation.id}"

    def open_as(self, name, url, **params):
        self.sign_in(f"aftersales_{name}")
        return self.get(url, **params)

    def test_list_shows_serial_number_term_and_state_of_the_own_software_only(self):
        page = self.open_as("alice", "/my/installations").text
        for text in (self.installation.product_id.name, "JY-77", "03/31/2026", "ends soon"):
            self.assertIn(text, page)
        self.assertNotIn("ZZ-99", page)

    def test_page_shows_the_history_in_plain_words(self):
        agreement = self.make_agreement(
            self.installation, start=self.day("2026-04-01"), end=self.day("2027-03-31"), paid=True
        )
        self.installation._change_period(
            self.day("2025-04-01"), self.day("2027-04-30"), "Goodwill of ours"
        )
        page = self.open_as("alice", self.url).text
        for text in ("JY-77", "V9", "Service period changed", "04/30/2027", agreement.name):
            self.assertIn(text, page)
        self.assertNotIn("Goodwill", page)

    def test_page_tells_nothing_internal(self):
        page = self.open_as("alice", self.url).text
        for text in ("Secret grumbling", "Rarely", "rregular"):
            self.assertNotIn(text, page)
        installation = self.installation.with_user(self.people["alice"])
        for name in ("usage_note", "usage_state", "serial_state", "message_ids", "access_token"):
            with self.subTest(name):
                self.assertNotIn(name, installation.read()[0])

    def test_strangers_are_led_away(self):
        for name, url in (("bob", self.url), ("alice", "/my/installations/999999999")):
            answer = self.open_as(name, url)
            self.assertEqual(answer.status_code, 303)
        self.sign_in(None)
        self.assertEqual(self.get(self.url).status_code, 303)
        self.assertIn("/web/login", self.get("/my/installations").headers["Location"])

    def test_odd_parameters_are_ignored(self):
        self.sign_in("aftersales_alice")
        names = ("page", "sortby", "filterby", "search", "search_in", "groupby", "access_token")
        for value in ODD_VALUES:
            answer = self.get("/my/installations", **dict.fromkeys(names, value))
            self.assertEqual(answer.status_code, 200, value)
            self.assertEqual(self.get(self.url, access_token=value).status_code, 200, value)
        self.assertEqual(self.get("/my/installations/page/99999999999999999999").status_code, 200)

    def test_list_is_searched_filtered_sorted_and_grouped(self):
        other = self.make_installation(self.installation.partner_id, serial="JY-88")
        self.sign_in("aftersales_alice")
        page = self.get("/my/installations", search="jy-88").text
        self.assertIn(other.product_id.name, page)
        self.assertNotIn(self.installation.product_id.name, page)
        page = self.get("/my/installations", filterby="expiring").text
        self.assertNotIn("JY-88", page)
        page = self.get("/my/installations", groupby="line", sortby="name").text
        for text in ("JY-77", "JY-88", self.line.name):
            self.assertIn(text, page)

    def test_home_counts_the_own_software(self):
        self.sign_in("aftersales_alice")
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["installation_count"]})
        self.assertEqual(counted, {"installation_count": 1})
