"""Our roles meet none of Odoo's online services while they are switched off, and all that there are when they are used.

Runs where the modules that install themselves are there.
"""

from ast import literal_eval
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...hooks import keep_online_services
from ...models.online.services import ADDRESSES, LOOK_UP_WIDGETS
from ..common import AftersalesCommon
from ..ground import PEOPLE

OFF = "does not use Odoo's online services"
ACTIONS = {
    "res.partner": (
        "sms.res_partner_act_window_sms_composer_multi",
        "sms.res_partner_act_window_sms_composer_single",
    ),
    "account.move": ("account_payment.action_invoice_order_generate_link",),
}
# what the form of a model leads to when the services are used
FORMS = {
    "res.partner": {"sms", "look-up", "geo_location"},
    "helpdesk.ticket": {"sms"},
    "aftersales.visit": {"sms"},
    "aftersales.callback": {"sms"},
    "calendar.event": {"action_send_sms"},
    "account.move": {"look-up"},
}


@tagged("post_install", "-at_install")
class TestOnlineServices(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {name: getattr(cls, name) for name in PEOPLE}
        cls.customer = cls.make_customer(phone="+86 10 6505 0001")

    def use(self):
        """Switch the services on, as a manager does."""
        screen = self.env["aftersales.service.settings"].with_user(self.manager)
        screen.create({"aftersales_online_services": True}).action_save()

    def bound(self, user, model):
        """:return: those of ``ACTIONS`` that a user is offered on documents of a model"""
        offered = self.env["ir.actions.actions"].with_user(user).get_bindings(model)
        ids = {action["id"] for action in offered.get("action", ())}
        return {name for name in ACTIONS[model] if self.env.ref(name).id in ids}

    def shown(self, user, model, view_type="form"):
        """:return: which services a view leads to, as in ``FORMS``"""
        arch = etree.fromstring(
            self.env[model].with_user(user).get_view(view_type=view_type)["arch"]
        )
        found = set()
        for node in arch.iter("field", "button", "page"):
            if node.get("name") in ("action_send_sms", "geo_location"):
                found.add(node.get("name"))
            if node.get("widget") in LOOK_UP_WIDGETS:
                found.add("look-up")
            if node.get("widget") == "phone":
                options = (
                    node.get("options", "{}").replace("false", "False").replace("true", "True")
                )
                if literal_eval(options).get("enable_sms", True):
                    found.add("sms")
        return found

    def menus(self, user):
        """:return: external ids of the menus a user sees"""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return {menu.get("xmlid") for menu in menus.values()}

    # --- screens ---

    def test_no_role_is_offered_an_action(self):
        for name, user in self.users.items():
            for model in ACTIONS:
                with self.subTest(role=name, model=model):
                    self.assertEqual(self.bound(user, model), set())

    def test_actions_are_offered_when_used(self):
        self.use()
        for name, user in self.users.items():
            with self.subTest(role=name):
                self.assertEqual(self.bound(user, "res.partner"), set(ACTIONS["res.partner"]))
        links = set(ACTIONS["account.move"])
        self.assertEqual(self.bound(self.accountant, "account.move"), links)

    def test_forms_lead_to_no_service(self):
        for name, user in self.users.items():
            for model in FORMS:
                if self.env[model].with_user(user).has_access("read"):
                    with self.subTest(role=name, model=model):
                        self.assertEqual(self.shown(user, model), set())
        self.assertEqual(self.shown(self.specialist, "calendar.event", "list"), set())
        self.assertEqual(self.shown(self.specialist, "res.partner", "kanban"), set())

    def test_forms_lead_to_the_services_when_used(self):
        # made and kept before: the switch tells the views apart
        self.test_forms_lead_to_no_service()
        self.use()
        # comes with the penalties
        absent = set() if "base.geocoder" in self.env else {"geo_location"}
        for model, expected in FORMS.items():
            user = self.accountant if model == "account.move" else self.manager
            with self.subTest(model=model):
                self.assertEqual(self.shown(user, model), expected - absent)

    def test_other_options_of_a_telephone_stay(self):
        node = etree.fromstring(
            """<form><field name="a" widget="phone" options="{'placeholder_field': 'x', }"/>
            <field name="b" widget="phone" options="{'enable_sms': True}"/></form>"""
        )
        self.env["ir.ui.view"]._hide_online_services(node, "res.partner")
        first, second = (literal_eval(field.get("options")) for field in node)
        self.assertEqual(first, {"placeholder_field": "x", "enable_sms": False})
        self.assertEqual(second, {"enable_sms": False})

    def test_long_names_are_shown_in_several_lines(self):
        arch = etree.fromstring(self.env["res.partner"].get_view()["arch"])
        names = arch.xpath("//h1/field[@name='name']/@widget")
        self.assertEqual(set(names), {"text"})

    def test_menus_of_payments_and_apps(self):
        hidden = {"account.root_payment_menu", "base.menu_management"}
        for name, user in self.users.items():
            with self.subTest(role=name):
                self.assertFalse(self.menus(user) & hidden)
        administrator = self.make_user("administrator", "base.group_system")
        self.assertIn("base.menu_management", self.menus(administrator))
        self.use()
        self.assertGreaterEqual(self.menus(self.accountant), hidden)

    def test_choices_only_a_service_carries_out(self):
        def choices(model, name):
            return dict(self.env[model].fields_get([name])[name]["selection"])

        self.assertNotIn("snailmail", choices("res.partner", "invoice_sending_method"))
        self.assertEqual(set(choices("calendar.alarm", "alarm_type")), {"notification", "email"})
        self.use()
        self.assertIn("snailmail", choices("res.partner", "invoice_sending_method"))
        self.assertIn("sms", choices("calendar.alarm", "alarm_type"))

    # --- what would be sent ---

    def test_address_of_a_service_is_not_given_out(self):
        parameters = self.env["ir.config_parameter"].with_user(self.specialist).sudo()
        for key in ADDRESSES:
            with self.subTest(key=key), self.assertRaisesRegex(UserError, OFF):
                parameters.get_param(key, "https://example.com")
        self.use()
        for key in ADDRESSES:
            self.assertEqual(
                parameters.get_param(key, "https://example.com"), "https://example.com"
            )

    def test_services_in_use_stay_after_installation(self):
        other = self.make_company()
        message = self.customer.message_post(body="Hello")
        message.record_company_id = other
        self.customer.write({"street": "1 Jianguo Road", "city": "Beijing", "zip": "100022"})
        letter = {
            "model": "res.partner",
            "res_id": self.customer.id,
            "partner_id": self.customer.id,
            "company_id": other.id,
        }
        sms = {"number": "+861065050001", "body": "Hello", "mail_message_id": message.id}
        notice = {"mail_message_id": message.id, "notification_type": "sms"}
        provider = {"name": "Bank", "company_id": other.id}
        # model, what it is in use, what it is when nothing was sent
        uses = (
            ("payment.provider", provider, {"state": "enabled"}, {"state": "disabled"}),
            ("snailmail.letter", letter, {"state": "sent"}, {"state": "error"}),
            ("sms.sms", sms, {"state": "pending"}, {"state": "error"}),
            (
                "mail.notification",
                notice,
                {"notification_status": "sent"},
                {"notification_status": "exception"},
            ),
        )
        for model, values, used, unused in uses:
            with self.subTest(model=model):
                record = self.env[model].sudo().create({**values, **unused})
                keep_online_services(self.env)
                self.assertFalse(other._aftersales_online())
                record.write(used)
                keep_online_services(self.env)
                self.assertTrue(other._aftersales_online())
                self.assertFalse(self.company._aftersales_online())
                record.write(unused)
                other.aftersales_online_services = False

    def test_switch_is_one_for_each_company(self):
        self.use()
        other = self.make_company()
        self.assertFalse(other._aftersales_online())
        parameters = self.env["ir.config_parameter"].with_user(self.specialist).sudo()
        parameters = parameters.with_company(other)
        with self.assertRaisesRegex(UserError, f"{other.name} {OFF}"):
            parameters.get_param("sms.endpoint", "https://example.com")

    def test_companies_are_not_looked_up(self):
        partners = self.env["res.partner"].with_user(self.specialist)
        # an attempt would connect, which fails the test, or be logged as failed
        with self.assertNoLogs("odoo.addons.partner_autocomplete"):
            self.assertEqual(partners.autocomplete_by_vat("BE0477472701", False), [])
        self.assertEqual(partners.autocomplete_by_name("Jinyang", False), [])
        self.assertEqual(partners.enrich_by_domain("jinyang.cn"), {})
        with self.assertRaisesRegex(UserError, OFF):
            self.customer.with_user(self.specialist).geo_localize()

    def test_methods_of_the_look_up_are_those_of_odoo_when_used(self):
        self.use()
        partners = self.env["res.partner"].with_user(self.specialist)
        # Odoo's own methods answer in tests what they answer without credit
        self.assertEqual(partners.autocomplete_by_name("Jinyang", False), [])
        self.assertTrue(partners.enrich_by_domain("jinyang.cn")["error"])
        if "base.geocoder" in self.env:
            self.assertFalse(self.customer.with_user(self.specialist).geo_localize())

    def test_sms_is_not_written(self):
        values = {
            "composition_mode": "comment",
            "res_model": "res.partner",
            "res_id": self.customer.id,
            "body": "Your software expires",
        }
        for name, user in self.users.items():
            composer = self.env["sms.composer"].with_user(user)
            with self.subTest(role=name), self.assertRaisesRegex(AccessError, OFF):
                composer.create(values)
        self.use()
        self.assertTrue(self.env["sms.composer"].with_user(self.specialist).create(values))

    def test_another_provider_sends_sms(self):
        def alarms():
            return dict(
                self.env["calendar.alarm"].fields_get(["alarm_type"])["alarm_type"]["selection"]
            )

        views = {
            model: self.shown(self.manager, model) for model in ("calendar.event", "res.partner")
        }
        self.assertFalse(any(views.values()) or "sms" in alarms())
        # the field comes with `sms_twilio`, which does not install itself
        provider = patch.object(
            type(self.env["res.company"]), "_aftersales_sms_provider", lambda company: "twilio"
        )
        with provider:
            self.assertEqual(self.shown(self.manager, "calendar.event"), {"action_send_sms"})
            self.assertEqual(self.shown(self.manager, "res.partner"), {"sms"})
            self.assertIn("sms", alarms())
            self.assertTrue(self.env["sms.composer"].with_user(self.specialist).has_access("read"))
            # all else stays off
            with self.assertRaisesRegex(AccessError, OFF):
                self.env["payment.link.wizard"].with_user(self.accountant).check_access("read")
        self.assertEqual(self.shown(self.manager, "calendar.event"), set())

    def test_sms_written_before_is_not_sent(self):
        messages = self.env["sms.sms"].with_user(self.specialist).sudo()
        message = messages.create({"number": "+861065050001", "body": "Hello"})
        with self.assertRaisesRegex(UserError, OFF):
            message.send(raise_exception=True)
        self.use()
        with self.assertRaisesRegex(AccessError, "Unavailable during tests"):
            message.send(raise_exception=True)

    def test_jobs_send_what_was_queued_before(self):
        # off in OdooBot's company as in the other one; an attempt to connect fails in tests
        other = self.make_company()
        for company in (self.company, other):
            messages = self.env["sms.sms"].with_company(company)
            message = messages.create({"number": "+861065050001", "body": "Hello"})
            with self.assertRaisesRegex(AccessError, "Unavailable during tests"):
                # what the job calls, which hides the exception
                message._send(raise_exception=True)
        self.customer.write({"street": "1 Jianguo Road", "city": "Beijing", "zip": "100022"})
        letters = self.env["snailmail.letter"]
        letters.create(
            {
                "model": "res.partner",
                "res_id": self.customer.id,
                "partner_id": self.customer.id,
                "company_id": other.id,
                "attachment_id": self.env["ir.attachment"]
                .create({"name": "letter.pdf", "raw": b"%PDF-1.4"})
                .id,
            }
        )
        with self.assertRaisesRegex(AccessError, "Unavailable during tests"):
            letters._snailmail_cron(autocommit=False)

    def make_reminder(self, user, alarm):
        """:return: a meeting of a user with a customer, whose reminder is due"""
        start = fields.Datetime.add(fields.Datetime.now(), minutes=30)
        return self.env["calendar.event"].create(
            {
                "name": "Training",
                "start": start,
                "stop": fields.Datetime.add(start, hours=1),
                "user_id": user.id,
                "partner_ids": [Command.set(self.customer.ids)],
                "alarm_ids": [Command.set(alarm.ids)],
            }
        )

    def test_reminders_by_sms_are_for_the_company_of_the_user(self):
        alarm = self.env["calendar.alarm"].create(
            {"name": "SMS", "alarm_type": "sms", "duration": 1, "interval": "hours"}
        )
        other = self.make_company()
        companies = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        stranger = self.make_user("stranger", "base.group_user", **companies)
        events = self.make_reminder(self.specialist, alarm) + self.make_reminder(stranger, alarm)
        self.env.flush_all()

        def reminded():
            self.env["calendar.alarm_manager"]._send_reminder()
            sent = self.env["mail.notification"].search([("notification_type", "=", "sms")])
            messages = sent.mail_message_id.filtered(lambda message: message.model == events._name)
            return set(messages.mapped("res_id"))

        # the switch of OdooBot's company, which runs the job, decides for its own users only
        self.assertFalse(reminded())
        other.aftersales_online_services = True
        self.assertEqual(reminded(), {events[1].id})
        self.use()
        self.assertEqual(reminded(), set(events.ids))

    # --- invoices ---

    def test_invoices_go_by_mail_and_are_not_paid_online(self):
        invoice = self.make_agreement(signed=True).invoice_ids
        self.company.link_qr_code = True
        invoice.commercial_partner_id.write(
            {
                "invoice_sending_method": "snailmail",
                "street": "1 Jianguo Road",
                "city": "Beijing",
                "zip": "100022",
            }
        )
        sending = self.env["account.move.send"].with_user(self.accountant)

        def offered():
            wizard = self.env["account.move.send.wizard"].with_user(self.accountant)
            return set(wizard.create({"move_id": invoice.id}).sending_method_checkboxes)

        self.assertEqual(sending._get_default_sending_methods(invoice), {"email"})
        self.assertFalse(sending._is_applicable_to_move("snailmail", invoice))
        self.assertNotIn("snailmail", offered())
        self.assertFalse(invoice._has_to_be_paid())
        # the QR code leads to the invoice on the portal, which is no online service
        printed = invoice.with_user(self.accountant)
        self.assertTrue(printed.display_link_qr_code)
        self.assertIn(f"/my/invoices/{invoice.id}", printed._get_portal_payment_link())
        with self.assertRaises(AccessError):
            invoice.with_user(self.employee)._get_portal_payment_link()
        self.use()
        self.assertEqual(sending._get_default_sending_methods(invoice), {"snailmail"})
        self.assertTrue(sending._is_applicable_to_move("snailmail", invoice))
        self.assertIn("snailmail", offered())
        self.assertTrue(invoice._has_to_be_paid())
        self.assertIn(f"/my/invoices/{invoice.id}", printed._get_portal_payment_link())
