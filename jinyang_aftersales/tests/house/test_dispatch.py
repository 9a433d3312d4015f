"""M54: papers of every kind go out by fax or post through one dialogue, and what was recorded stays true."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..mail.test_customer_mail import CustomerMail

SENT = {"channel": "fax", "sent_to": "028-1", "proof": "report 1"}


@tagged("post_install", "-at_install")
class TestDispatch(CustomerMail):
    def setUp(self):
        super().setUp()
        self.documents = [
            document for document in self.make_documents() if "dispatch_ids" in document._fields
        ]

    def open(self, document, user=None):
        mine = document.with_user(user or self.manager)
        context = mine.action_open_dispatch()["context"]
        return self.env["aftersales.dispatch"].with_user(mine.env.user).with_context(**context)

    def test_every_document_with_a_paper_has_the_same_ledger(self):
        """M54"""
        self.assertLessEqual(
            {
                "contract.contract",
                "aftersales.application",
                "aftersales.change.request",
                "aftersales.implementation",
                "aftersales.visit",
            },
            {document._name for document in self.documents},
        )
        self.contact.fax_number = "028-7"
        for document in self.documents:
            with self.subTest(document=document):
                with Form(self.open(document)) as form:
                    self.assertEqual((form.channel, form.sent_to), ("fax", "028-7"))
                    self.assertIn(document.display_name, form.document_names)
                    form.proof = "report 1"
                form.record.action_record()
                row = document.dispatch_ids
                self.assertRecordValues(
                    row,
                    [
                        {
                            "channel": "fax",
                            "sent_to": "028-7",
                            "sent_by_id": self.manager.id,
                            "proof": "report 1",
                            "document_name": document.name,
                            "partner_id": self.customer.id,
                        }
                    ],
                )
                paper = base64.b64decode(row.with_context(bin_size=False).letter)
                self.assertIn(document.name.encode(), paper)
                self.assertIn("028-7", document.message_ids[0].body)

    def test_the_ledger_stays_true_when_numbers_and_addresses_change(self):
        """M54"""
        visit = self.documents[1]
        other = self.make_customer("Beta")
        (self.contact | other).fax_number = "028-1"
        self.contact.street = "Road 1"
        for channel in ("fax", "post"):
            target = self.contact._get_letter_target(channel)
            visit.with_user(self.manager)._record_dispatch({"channel": channel, "proof": "x"})
            (self.contact | self.customer).write({"fax_number": "028-9", "street": "Road 9"})
            row = visit.dispatch_ids.sorted("id")[-1:]
            self.assertEqual(row.sent_to, target)
            self.assertEqual(row.partner_id, self.customer, "and not the other with that number")
            self.contact.write({"fax_number": "028-1", "street": "Road 1"})
        self.contact.active = False
        self.assertEqual(len(visit.dispatch_ids), 2)

    def test_a_document_with_several_papers_says_which_one_was_sent(self):
        """M54"""
        visit = next(row for row in self.documents if row._name == "aftersales.visit")
        dialog = self.open(visit).create({**SENT, "paper": visit._dispatch_reports[1]})
        dialog.action_record()
        self.assertIn("Application", visit.dispatch_ids.letter_name)
        foreign = {**SENT, "report": "jinyang_aftersales.action_report_agreement"}
        with self.assertRaises(UserError):
            visit.with_user(self.manager)._record_dispatch(foreign)
        self.assertEqual(len(visit.dispatch_ids), 1)

    def test_the_dialogue_shows_and_records_nothing_to_who_may_not(self):
        """M54"""
        stranger = self.make_user("outsider", "base.group_user")
        dialogs = self.env["aftersales.dispatch"]
        for document in self.documents:
            values = {**SENT, "res_model": document._name, "res_ids": document.ids}
            with self.subTest(document=document):
                with self.assertRaises(AccessError):
                    dialogs.with_user(stranger).create(values)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    dialogs.with_user(self.archivist).create(values).action_record()
                self.assertFalse(document.dispatch_ids)
        for model in ("res.partner", "res.users", "no.model"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                dialogs.with_user(self.manager).create({**SENT, "res_model": model, "res_ids": [1]})

    def test_what_came_with_a_document_by_rpc_makes_no_row(self):
        """M54"""
        visit = self.documents[1].with_user(self.manager)
        for command in ([0, 0, {**SENT, "document_name": "x", "res_model": visit._name}],):
            with self.assertRaises(UserError):
                visit.write({"dispatch_ids": [command]})

    def test_an_agreement_signed_and_sealed_is_faxed_too(self):
        """M54: 五.2.3: signed, dated and sealed, then faxed to the customer."""
        agreement = next(row for row in self.documents if row._name == "contract.contract")
        self.sign(agreement.with_user(self.manager))
        agreement.with_user(self.manager)._record_dispatch(SENT)
        self.assertEqual(agreement.agreement_stage, "signed")
        self.assertEqual(len(agreement.dispatch_ids), 1)
        with self.assertRaises(UserError):
            agreement.with_user(self.manager).action_mark_sent_by_hand(SENT)
