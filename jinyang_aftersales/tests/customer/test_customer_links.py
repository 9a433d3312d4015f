from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from ..portal.portal_examples import PortalExamples

MODELS = {
    "aftersales.application",
    "aftersales.change.request",
    "aftersales.complaint",
    "aftersales.implementation",
    "aftersales.visit",
}


@tagged("post_install", "-at_install")
class TestCustomerLinks(PortalExamples, TransactionCase):
    """A document links only to documents of its customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        calls = cls.env["aftersales.callback"]
        cls.own = {**cls.alpha, "res.partner": cls.alice.partner_id}
        cls.foreign = {**cls.beta, "res.partner": cls.bob.partner_id}
        for found in (cls.own, cls.foreign):
            ticket = found["helpdesk.ticket"]
            found[calls._name] = calls.create(
                {
                    "partner_id": ticket.commercial_partner_id.id,
                    "kind": "routine",
                    "company_id": ticket.company_id.id,
                }
            )
            software = found["aftersales.installation"]
            found["aftersales.implementation"] = cls.env["aftersales.implementation"].create(
                {
                    "partner_id": software.partner_id.id,
                    "product_id": software.product_id.id,
                    "company_id": software.company_id.id,
                }
            )

    def linking(self):
        """:return: document and name of each field whose value has to belong to the document's customer"""
        for name in sorted(
            self.env.registry.descendants(["aftersales.document.mixin"], "_inherit")
        ):
            for field in self.env[name]._customer_links:
                yield self.own[name].with_env(self.env), field

    def test_every_document_with_a_customer_says_what_it_links_to(self):
        self.assertEqual({document._name for document, _field in self.linking()}, MODELS)

    def test_nothing_of_another_customer_is_linked(self):
        for document, field in self.linking():
            record = self.foreign[document[field]._name]
            with (
                self.subTest(model=document._name, field=field),
                self.assertRaisesRegex(ValidationError, "another customer.*Choose one of"),
                self.cr.savepoint(),
            ):
                document._write_unlocked({field: record.id})

    def test_what_is_the_customers_is_linked(self):
        for document, field in self.linking():
            record = self.own[document[field]._name]
            with self.subTest(model=document._name, field=field):
                document._write_unlocked({field: record.id})
                self.assertEqual(document[field], record)
