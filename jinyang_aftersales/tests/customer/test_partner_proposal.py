"""Customers propose name, tax number and address of their company; our people change them (M34)."""

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..portal.portal_examples import PortalExamples


@tagged("post_install", "-at_install")
class TestPartnerProposal(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.company = cls.env.company
        cls.china = cls.env.ref("base.cn")
        cls.hubei = cls.env.ref("base.state_cn_HB")
        cls.customer.write(
            {
                "name": "武汉恒达机械有限公司",
                "street": "珞瑜路 1 号",
                "city": "武汉",
                "zip": "430000",
                "country_id": cls.china.id,
                "state_id": cls.hubei.id,
            }
        )
        cls.alice.partner_id.write({"email": "alice@example.com", "phone": "027-1"})
        cls.proposals = cls.env["aftersales.partner.proposal"]

    def submit(self, partner, **values):
        """Send the form "my address" as the signed-in user; values as a browser sends them."""
        form = {
            "partner_id": str(partner.id),
            "address_type": "billing",
            "name": partner.name,
            "email": partner.email or "x@example.com",
            "phone": partner.phone or "1",
            "street": partner.street or "",
            "city": partner.city or "",
            "zip": partner.zip or "",
            "country_id": str(partner.country_id.id),
            "state_id": str(partner.state_id.id),
            **values,
        }
        form["csrf_token"] = Request.csrf_token(self)
        answer = self.url_open("/my/address/submit", data=form)
        self.env.invalidate_all()
        return answer.json()

    def test_contact_neither_renames_the_company_nor_moves_it(self):
        """M34: the form of a contact, with every field that reaches the company."""
        self.sign_in("alice")
        answer = self.submit(
            self.alice.partner_id,
            company_name="Stolen Ltd",
            street="Elsewhere 5",
            phone="027-2",
        )
        self.assertIn("redirectUrl", answer, answer)
        self.assertEqual(self.customer.name, "武汉恒达机械有限公司")
        self.assertEqual(self.customer.street, "珞瑜路 1 号")
        self.assertEqual(self.alice.partner_id.street, "珞瑜路 1 号")
        self.assertEqual(self.alice.partner_id.phone, "027-2", "the contact's own")
        proposal = self.proposals.search([("customer_id", "=", self.customer.id)])
        self.assertEqual(
            (proposal.changes, proposal.state, proposal.proposed_by_id),
            ({"name": "Stolen Ltd", "street": "Elsewhere 5"}, "open", self.alice),
        )
        self.assertIn("武汉恒达机械有限公司 → Stolen Ltd", proposal.description)
        self.assertTrue(proposal.activity_ids.user_id)
        self.assertEqual(self.customer.proposal_count, 1)
        self.assertIn("Stolen Ltd", self.url_open("/my/addresses").text)

    def test_check_of_the_form_is_not_switched_off(self):
        """M34: Odoo takes an argument of its method from the form."""
        self.sign_in("alice")
        answer = self.submit(
            self.alice.partner_id, verify_address_values="", vat="91420100MA4K0", email="none"
        )
        self.assertIn("messages", answer)
        self.assertFalse(self.customer.vat)

    def test_user_of_the_company_itself_proposes_too(self):
        """M34: the account of the company record, and of a person who is the customer."""
        self.carol.partner_id.parent_id = False
        person = self.carol.partner_id
        person.write({"country_id": self.china.id, "street": "A", "city": "B", "zip": "1"})
        person.state_id = self.hubei
        name = person.name
        self.sign_in("carol")
        answer = self.submit(person, name="Other", vat="TAX-1", phone="027-3")
        self.assertIn("redirectUrl", answer, answer)
        self.assertEqual((person.name, person.vat, person.phone), (name, False, "027-3"))
        proposal = self.proposals.search([("customer_id", "=", person.id)])
        self.assertEqual(proposal.changes, {"name": "Other", "vat": "TAX-1"})

    def test_rpc_is_no_way_around_the_proposal(self):
        """M34: users may write some fields of their own user, which are those of the contact."""
        self.carol.partner_id.parent_id = False
        self.carol.partner_id.name = "Carol's Company"
        self.sign_in("carol")
        self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.users/write",
            {
                "model": "res.users",
                "method": "write",
                "args": [[self.carol.id], {"name": "Stolen Ltd", "phone": "027-3"}],
                "kwargs": {},
            },
        )
        self.env.invalidate_all()
        person = self.carol.partner_id
        self.assertEqual((person.name, person.phone), ("Carol's Company", "027-3"))
        proposal = self.proposals.search([("customer_id", "=", person.id)])
        self.assertEqual(proposal.changes, {"name": "Stolen Ltd"})

    def test_later_proposal_is_added_to_the_open_one(self):
        """M34"""
        rows = self.proposals.with_user(self.alice)
        rows._propose(self.customer, {"street": "First"})
        rows._propose(self.customer, {"street": "Second", "city": "Xi'an"})
        proposal = self.proposals.search([("customer_id", "=", self.customer.id)])
        self.assertEqual(proposal.changes, {"street": "Second", "city": "Xi'an"})
        self.assertEqual(len(proposal.activity_ids), len(proposal.activity_ids.user_id))

    def staff(self, role):
        return self.env["res.users"].create(
            {
                "name": role,
                "login": f"proposal_{role}",
                "email": f"{role}@example.com",
                "group_ids": [(6, 0, self.env.ref(f"jinyang_aftersales.group_{role}").ids)],
            }
        )

    def test_who_is_in_charge_or_a_manager_decides(self):
        """M34: accepted values are written, the customer is told; refused with a reason."""
        specialist, colleague = self.staff("user"), self.staff("callback")
        self.customer.service_user_id = specialist
        self.proposals.with_user(self.alice)._propose(self.customer, {"street": "New 7"})
        proposal = self.proposals.search([("customer_id", "=", self.customer.id)])
        self.assertEqual(proposal.activity_ids.user_id, specialist)
        for user in (colleague, self.alice, self.ivan):
            for action, *args in (("action_accept",), ("action_refuse", "No")):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    getattr(proposal.with_user(user), action)(*args)
        for values in ({"state": "accepted"}, {"changes": {"name": "X"}}):
            with self.assertRaises(UserError):
                proposal.write(values)
        mine = proposal.with_user(specialist)
        with self.assertRaisesRegex(UserError, "Say why"):
            mine.action_refuse(" ")
        mine.action_accept()
        self.assertEqual(self.customer.street, "New 7")
        self.assertEqual(self.alice.partner_id.street, "New 7", "contacts share the address")
        self.assertFalse(proposal.activity_ids)
        told = (
            self.env["mail.message"]
            .search([("model", "=", proposal._name), ("message_type", "=", "user_notification")])
            .filtered(lambda mail: "changed what you proposed" in mail.body)
        )
        self.assertEqual(told.partner_ids, self.alice.partner_id)
        with self.assertRaisesRegex(UserError, "decided already"):
            mine.action_accept()
        self.proposals.with_user(self.alice)._propose(self.customer, {"street": "Other"})
        second = self.proposals.search([("state", "=", "open")])
        second.with_user(self.staff("manager")).action_refuse("Not on your licence")
        self.assertEqual((second.state, self.customer.street), ("refused", "New 7"))
        told = self.env["mail.message"].search(
            [("model", "=", second._name), ("res_id", "=", second.id)]
        )
        self.assertIn("Not on your licence", "".join(told.mapped("body")))

    def test_context_of_a_caller_does_not_stop_our_people(self):
        """M34: the mark of the portal cannot be sent along, nor does it matter when it is."""
        self.customer.with_context(aftersales_by=True).name = "Renamed by us"
        self.assertEqual(self.customer.name, "Renamed by us")
