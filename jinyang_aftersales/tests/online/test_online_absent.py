"""Switched off or on, the services break nothing where the modules that bring them are not installed."""

from lxml import etree

from odoo.tests import HttpCase, tagged

from ...hooks import keep_online_services
from ..common import AftersalesCommon
from ..ground import PEOPLE


@tagged("post_install", "-at_install")
class TestOnlineAbsent(AftersalesCommon, HttpCase):
    def check_screens(self):
        """Open what the services touch, as each role."""
        for name in PEOPLE:
            user = getattr(self, name)
            with self.subTest(role=name, used=self.company._aftersales_online()):
                partners = self.env["res.partner"].with_user(user)
                for view_type in ("form", "list", "kanban"):
                    views = partners.get_views([(False, view_type)], {"toolbar": True})
                    self.assertIn("phone", views["models"]["res.partner"]["fields"])
                self.assertTrue(self.env["calendar.event"].with_user(user).get_view()["arch"])
                self.assertTrue(self.env["ir.ui.menu"].with_user(user).load_menus(False))

    def test_screens_and_pages(self):
        hashes = set()
        for used in (False, True):
            self.company.aftersales_online_services = used
            self.check_screens()
            self.authenticate(self.specialist.login, self.specialist.login)
            info = self.make_jsonrpc_request("/web/session/get_session_info", {})
            self.assertEqual(info["aftersales_online_services"], used)
            hashes.add(info["registry_hash"])
            for path in ("/odoo", "/my/home", "/my/invoices", "/my/account"):
                with self.subTest(path=path, used=used):
                    self.assertEqual(self.url_open(path).status_code, 200)

        # browsers forget the views they keep
        self.assertEqual(len(hashes), 2)

    def test_installation_switches_nothing_on(self):
        other = self.make_company()
        keep_online_services(self.env)
        self.assertFalse(self.company._aftersales_online() or other._aftersales_online())

    def test_only_a_change_clears_caches(self):
        registry = self.env.registry
        self.company.aftersales_online_services = False
        registry.reset_changes()
        self.company.aftersales_online_services = False
        self.assertNotIn("default", registry.cache_invalidated)
        self.assertFalse(self.company._aftersales_online())
        self.company.aftersales_online_services = True
        self.assertIn("default", registry.cache_invalidated)
        self.assertTrue(self.company._aftersales_online())
        # all workers would build their registries anew
        self.assertFalse(registry.registry_invalidated)

    def test_invoices_and_reminders(self):
        invoice = self.make_agreement(signed=True).invoice_ids
        for used in (False, True):
            self.company.aftersales_online_services = used
            wizard = self.env["account.move.send.wizard"].with_user(self.accountant)
            with self.subTest(used=used):
                # payments come with Odoo's payment addons
                paid_online = used and "payment.provider" in self.env
                self.assertEqual(invoice._has_to_be_paid(), paid_online)
                refused = "cannot be paid online" in invoice._get_online_payment_error()
                self.assertEqual(refused, not paid_online)
                self.assertIn(
                    "email", wizard.create({"move_id": invoice.id}).sending_method_checkboxes
                )
                self.env["calendar.alarm_manager"]._send_reminder()

    def test_text_after_a_hidden_element_stays(self):
        view = etree.fromstring('<form>before<page name="geo_location"/>after<br/></form>')
        self.env["ir.ui.view"]._hide_online_services(view, "res.partner")
        self.assertEqual(etree.tostring(view), b"<form>beforeafter<br/></form>")

    def test_button_of_another_addon_stays(self):
        for model, shown in (("sale.order", 1), ("calendar.event", 0)):
            view = etree.fromstring('<form><button name="action_send_sms"/></form>')
            self.env["ir.ui.view"]._hide_online_services(view, model)
            with self.subTest(model=model):
                self.assertEqual(len(view), shown)

    def test_look_up_answers_nothing(self):
        partners = self.env["res.partner"].with_user(self.specialist)
        for used in (False, True):
            self.company.aftersales_online_services = used
            with self.subTest(used=used):
                self.assertEqual(partners.autocomplete_by_name("Jinyang", False), [])
                # used and installed, Odoo's own methods would connect
                if not used or "iap.autocomplete.api" not in self.env:
                    self.assertEqual(partners.autocomplete_by_vat("BE0477472701", False), [])
                    self.assertEqual(partners.enrich_by_domain("jinyang.cn"), {})
        # Odoo's own method localizes nothing in tests
        self.assertFalse(partners.geo_localize())
