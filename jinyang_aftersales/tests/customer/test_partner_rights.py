"""Who enters and corrects customers: specialists and call-back staff a little, managers all of it."""

from datetime import date

from lxml.etree import fromstring

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import AftersalesCommon
from ..common_rpc import call_as

CORRECTIONS = {
    "phone": "13800138000",
    "email": "new@example.cn",
    "qq_number": "123456789",
    "department": "财务科",
}


@tagged("post_install", "-at_install")
class TestPartnerRights(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("绵阳新华印务有限公司")
        cls.contact = cls.customer.software_contact_id
        cls.foreign = cls.make_customer("成都别家有限公司", service_user_id=cls.colleague.id)
        cls.editors = (cls.specialist, cls.callback)
        # changes of what a transaction has made itself are not logged
        cls.env.flush_all()
        cls.cr.precommit.run()

    def refuse(self, attempt, *args, **kwargs):
        with self.assertRaises(UserError), self.cr.savepoint():
            attempt(*args, **kwargs)
            self.env.flush_all()
        self.env.invalidate_all()

    def track(self):
        """Write the log of changes, as the end of the transaction does."""
        self.env.flush_all()
        self.cr.precommit.run()

    def invoice(self, customer):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create({"name": "服务费", "price_unit": 100.0, "tax_ids": []})
                ],
            }
        )
        move.action_post()

    # === Creating === #

    def test_specialists_and_callers_create_customers_and_contacts(self):
        for user in self.editors:
            partners = self.env["res.partner"].with_user(user)
            customer = partners.create(
                {
                    "name": "新客户有限公司",
                    "is_company": True,
                    "city": "绵阳",
                    "vat": "91510700MA62",
                }
            )
            contact = partners.create({"name": "王芳", "parent_id": customer.id, **CORRECTIONS})
            self.assertEqual(contact.create_uid, user)
            customer.software_contact_id = contact
            quick = partners.name_create("来电客户")
            self.assertTrue(quick)

    def test_other_roles_create_and_correct_nothing(self):
        for user in (self.archivist, self.developer, self.employee, self.accountant):
            partners = self.env["res.partner"].with_user(user)
            self.refuse(partners.create, {"name": "新客户"})
            self.refuse(self.contact.with_user(user).write, {"phone": "1"})

    def test_a_new_contact_begins_with_nothing_that_managers_decide(self):
        term = self.env["account.payment.term"].create({"name": "一年后"})
        term = self.env.ref("account.account_payment_term_30days", False) or term
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        for user in self.editors:
            partners = self.env["res.partner"].with_user(user)
            for values in (
                {"user_ids": [Command.create({"login": "x", "name": "x"})]},
                {"bank_ids": [Command.create({"acc_number": "622202"})]},
                {"category_id": [Command.link(tag.id)]},
                {"type": "invoice"},
                {"user_id": user.id},
                {"child_ids": [Command.link(self.foreign.software_contact_id.id)]},
                {"child_ids": [Command.create({"name": "x", "user_id": user.id})]},
                {"software_contact_id": self.foreign.software_contact_id.id},
                {"ref": "K-1"},
            ):
                self.refuse(partners.create, {"name": "新客户", **values})
            self.refuse(
                partners.with_context(default_user_id=user.id, default_ref="K").create,
                {"name": "新客户"},
            )
            # what the form sends for a contact of a customer is the customer's own
            self.customer.street = "临园路 1 号"
            contact = partners.create(
                {"name": "王芳", "parent_id": self.customer.id, "street": "临园路 1 号"}
            )
            self.assertEqual(contact.street, "临园路 1 号")
            # an address of a contact would become that of its company
            self.refuse(
                partners.create, {"name": "李四", "parent_id": self.foreign.id, "street": "假路"}
            )
            self.refuse(
                partners.create, {"name": "李四", "parent_id": self.foreign.id, "vat": "9151"}
            )

    def test_nobody_adds_contacts_to_our_own_company(self):
        for user in self.editors:
            self.refuse(
                self.env["res.partner"].with_user(user).create,
                {"name": "内鬼", "parent_id": self.company.partner_id.id},
            )

    # === Correcting === #

    def test_a_specialist_corrects_contacts_in_reach_and_it_is_tracked(self):
        contact = self.contact.with_user(self.specialist)
        contact.write(CORRECTIONS)
        self.track()
        tracked = self.contact.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(tracked), set(CORRECTIONS))
        other = self.env["res.partner"].create({"name": "李四", "parent_id": self.customer.id})
        self.customer.with_user(self.specialist).software_contact_id = other
        self.track()
        tracked = self.customer.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(tracked), {"software_contact_id"})

    def test_a_customer_of_a_colleague_is_out_of_reach(self):
        contact = self.foreign.software_contact_id
        self.refuse(contact.with_user(self.specialist).write, CORRECTIONS)
        self.assertFalse(contact.with_user(self.specialist).has_access("write"))
        # the caller is known by now: whoever takes the call enters them, and mends their own entry
        new = (
            self.env["res.partner"]
            .with_user(self.specialist)
            .create({"name": "来电人", "parent_id": self.foreign.id, "phone": "13900000000"})
        )
        new.phone = "13900000001"
        self.refuse(new.write, {"street": "假路"})
        self.refuse(new.write, {"vat": "9151"})
        # call-back staff speak with all customers
        contact.with_user(self.callback).write(CORRECTIONS)

    def test_responsible_for_a_software_is_in_reach_of_its_customer(self):
        self.make_installation(self.foreign, user_id=self.specialist.id)
        self.foreign.software_contact_id.with_user(self.specialist).write(CORRECTIONS)

    def test_reach_ends_when_a_manager_gives_the_customer_to_a_colleague(self):
        customer = (
            self.env["res.partner"]
            .with_user(self.specialist)
            .create({"name": "新客户", "is_company": True})
        )
        customer.phone = "13900000000"
        customer.with_user(self.manager).service_user_id = self.colleague
        self.refuse(customer.write, {"phone": "13900000001"})

    def test_names_tax_number_and_address_are_the_managers_once_invoiced(self):
        for user in self.editors:
            customer = self.make_customer()
            mine = customer.with_user(user)
            for values in ({"name": "改名"}, {"street": "临园路"}, {"vat": "91510700MA62"}):
                mine.write(values)
            self.invoice(customer)
            for values in ({"name": "再改"}, {"street": "假路"}, {"vat": "1"}):
                self.refuse(mine.write, values)
                customer.with_user(self.manager).write(values)
            contact = customer.software_contact_id.with_user(user)
            contact.write({"name": "王芳芳", "phone": "13800000000"})
            self.refuse(contact.write, {"street": "另一条路"})

    def test_everything_else_is_refused_by_every_way(self):
        partners = self.env["res.partner"]
        foreign = self.foreign.software_contact_id
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        for user in self.editors:
            mine = self.customer.with_user(user)
            for values in (
                {"active": False},
                {"parent_id": self.foreign.id},
                {"is_company": False},
                {"type": "invoice"},
                {"user_id": user.id},
                {"service_user_id": self.colleague.id},
                {"category_id": [Command.link(tag.id)]},
                {"software_contact_id": foreign.id},
                {"child_ids": [Command.delete(self.contact.id)]},
                {"child_ids": [Command.unlink(self.contact.id)]},
                {"child_ids": [Command.link(foreign.id)]},
                {"child_ids": [Command.update(self.contact.id, {"active": False})]},
                {"child_ids": [Command.create({"name": "x", "type": "invoice"})]},
                {"bank_ids": [Command.create({"acc_number": "622202"})]},
                {"signup_type": "reset"},
                {"property_payment_term_id": False, "ref": "K"},
            ):
                self.refuse(mine.write, values)
                self.refuse(mine.web_save, values, {})
                self.refuse(call_as, user, "res.partner", "write", mine.ids, values)
            self.refuse(mine.action_archive)
            self.refuse(mine.unlink)
            result = partners.with_user(user).load([".id", "ref"], [[str(self.customer.id), "K-1"]])
            self.assertFalse(result["ids"])
            # the mark of checked values cannot be sent
            self.refuse(mine.with_context(aftersales_corrects=True).write, {"ref": "K"})
            child = {"child_ids": [Command.update(self.contact.id, {"phone": "13811111111"})]}
            mine.write(child)
            self.assertEqual(self.contact.phone, "13811111111")

    def test_people_of_ours_and_portal_users_are_out_of_reach(self):
        """With the e-mail address goes the account: it is where a new password is sent."""
        portal = self.env["res.users"].create(
            {
                "name": "客户用户",
                "login": "kunde",
                "email": "kunde@example.cn",
                "partner_id": self.contact.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        worker = self.env["hr.employee"].create({"name": "工人"})
        worker.work_contact_id = self.env["res.partner"].create({"name": "工人"})
        closed = [
            portal.partner_id,
            self.colleague.partner_id,
            self.manager.partner_id,
            worker.work_contact_id,
            self.company.partner_id,
        ]
        for user in self.editors:
            for partner in closed:
                self.refuse(partner.with_user(user).write, {"email": "me@example.com"})
            self.refuse(
                self.customer.with_user(user).write,
                {"child_ids": [Command.update(portal.partner_id.id, {"email": "me@example.com"})]},
            )
        # an account that is closed can be opened again
        portal.active = False
        self.refuse(self.contact.with_user(self.callback).write, {"email": "me@example.com"})
        self.contact.with_user(self.manager).write({"email": "new@example.cn"})

    def test_what_was_corrected_is_not_taken_out_of_the_log(self):
        self.contact.with_user(self.specialist).phone = "13800138000"
        self.track()
        message = self.contact.message_ids.filtered("tracking_value_ids")
        self.assertTrue(message)
        for user in self.editors:
            self.refuse(message.with_user(user).unlink)
            self.refuse(message.with_user(user).write, {"body": "x"})

    def test_the_form_shows_what_may_be_corrected(self):
        def find_open_fields(user):
            arch = self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"]
            nodes = fromstring(arch).xpath("//field[not(ancestor::field)][not(@readonly)]")
            return {node.get("name") for node in nodes}

        shown = find_open_fields(self.specialist)
        self.assertLessEqual({"phone", "email", "qq_number", "department", "name"}, shown)
        for name in ("category_id", "user_id", "company_type"):
            self.assertNotIn(name, shown)
        self.assertIn("category_id", find_open_fields(self.manager))

    def test_who_edited_all_contacts_before_still_does(self):
        self.specialist.group_ids |= self.env.ref("base.group_partner_manager")
        self.foreign.with_user(self.specialist).write({"ref": "K-1", "street": "临园路"})

    def test_another_company_of_ours_is_closed(self):
        other = self.make_company()
        self.customer.company_id = other
        self.refuse(self.contact.with_user(self.callback).write, {"parent_id": False})
        self.refuse(self.customer.with_user(self.callback).write, {"phone": "1"})

    def test_a_day_of_service_is_no_matter_of_contacts(self):
        installation = self.make_installation(self.customer, end=date(2027, 1, 1))
        self.refuse(
            self.customer.with_user(self.specialist).write,
            {
                "installation_ids": [
                    Command.update(installation.id, {"service_date_end": "2030-01-01"})
                ]
            },
        )
