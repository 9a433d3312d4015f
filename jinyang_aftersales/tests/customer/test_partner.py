from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestPartner(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("绵阳新华印务有限公司")
        cls.make_installation(cls.customer, serial_number="SN-778899")

    def names(self, user, text):
        return [row[0] for row in self.env["res.partner"].with_user(user).name_search(text)]

    def test_a_customer_is_found_by_serial_number_from_the_ordinary_search_box(self):
        for text in ("SN-778899", "sn-7788", "ｓｎ－７７８８９９"):
            self.assertIn(self.customer.id, self.names(self.specialist, text), text)
        self.assertIn(self.customer.id, self.names(self.callback, "778899"))

    def test_who_may_not_read_installations_searches_partners_as_before(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        for user in (self.employee, helpdesk):
            self.assertEqual(self.names(user, "SN-778899"), [])
            self.assertIn(self.customer.id, self.names(user, "绵阳新华"))

    def test_a_customer_never_finds_others_by_serial_number(self):
        portal = self.env["res.users"].create(
            {
                "name": "别的客户",
                "login": "stranger",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertEqual(self.names(portal, "SN-778899"), [])

    def test_the_search_view_finds_serial_numbers_for_our_roles_only(self):
        def fields_of(user):
            return (
                self.env["res.partner"]
                .with_user(user)
                .get_view(self.env.ref("base.view_res_partner_filter").id, "search")["arch"]
            )

        self.assertIn("installation_ids.serial_number", fields_of(self.specialist))
        self.assertNotIn("installation_ids", fields_of(self.employee))

    def test_contacts_inherit_what_belongs_to_the_company(self):
        self.customer.write({"service_user_id": self.specialist.id, "service_area": "绵阳"})
        contact = self.env["res.partner"].create({"name": "赵敏", "parent_id": self.customer.id})
        self.assertEqual(contact.service_user_id, self.specialist)
        self.assertEqual(contact.service_area, "绵阳")
        self.customer.service_area = "成都"
        self.assertEqual(contact.service_area, "成都")

    def test_only_managers_say_who_is_in_charge(self):
        """The specialist in charge of a customer may write its documents (reach), so that specialists cannot set it."""
        self.customer.service_user_id = self.colleague
        installation = self.customer.installation_ids
        installation.user_id = self.colleague
        for user in (self.specialist, self.callback):
            user.group_ids += self.env.ref("base.group_partner_manager")
            mine = self.make_customer(service_user_id=user.id)
            customer = self.customer.with_user(user)
            for attempt in (
                lambda c=customer, u=user: c.write({"service_user_id": u.id}),
                lambda c=customer: c.write({"service_user_id": False}),
                lambda c=customer, u=user: c.web_save({"service_user_id": u.id}, {}),
                lambda c=customer, u=user: c.create({"name": "New", "service_user_id": u.id}),
                # as a contact of the user's own customer it would get the user as specialist
                lambda c=customer, m=mine: c.write({"parent_id": m.id, "is_company": False}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
            result = customer.load(
                [".id", "service_user_id/.id"], [[str(customer.id), str(user.id)]]
            )
            self.assertFalse(result["ids"])
            self.env.invalidate_all()
            self.assertEqual(self.customer.service_user_id, self.colleague)
            self.assertFalse(installation.with_user(user).has_access("write"))
            new = customer.with_context(default_service_user_id=user.id).create({"name": "New"})
            self.assertFalse(new.sudo().service_user_id)
            # specialists may write all other fields of customers
            customer.write({"service_area": "成都", "service_user_id": self.colleague.id})
            contact = customer.create({"name": "赵敏", "parent_id": customer.id})
            self.assertEqual(contact.sudo().service_user_id, self.colleague)
            contact.parent_id = mine
            self.assertEqual(contact.sudo().service_user_id, user)
        self.customer.with_user(self.manager).service_user_id = self.specialist
        self.assertTrue(installation.with_user(self.specialist).has_access("write"))

    def test_service_fields_are_closed_to_who_has_no_role(self):
        for name in ("service_state", "service_amount_due", "installation_ids", "service_user_id"):
            with self.assertRaises(AccessError, msg=name):
                self.customer.with_user(self.employee).read([name])

    def test_an_employee_without_a_role_still_edits_partners(self):
        user = self.employee
        user.group_ids |= self.env.ref("base.group_partner_manager")
        with Form(self.env["res.partner"].with_user(user)) as form:
            form.name = "新客户"
        form.record.with_user(user).write({"phone": "028-88888888"})

    def test_a_specialist_sees_what_the_customer_owes(self):
        """四 专员.6"""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-05",
                "invoice_line_ids": [
                    (0, 0, {"name": "服务费", "quantity": 1, "price_unit": 1200.0, "tax_ids": []})
                ],
            }
        )
        contact = self.env["res.partner"].create({"name": "会计", "parent_id": self.customer.id})
        seen = (self.customer | contact).with_user(self.specialist)
        self.assertEqual(seen.mapped("service_amount_due"), [0.0, 0.0])
        invoice.action_post()
        seen.invalidate_recordset()
        self.assertEqual(seen.mapped("service_amount_due"), [1200.0, 1200.0])
        with self.assertRaises(AccessError):
            invoice.with_user(self.specialist).read(["amount_total"])

    def test_new_customer_is_entered_without_a_warning_in_the_log(self):
        """M67: the counters of a customer that is not saved yet search for nothing."""
        with self.assertNoLogs("odoo", "WARNING"):
            form = Form(self.env["res.partner"].with_user(self.manager))
            form.name = "绵阳新客户有限公司"
            self.assertEqual(form.save().helpdesk_ticket_count, 0)
