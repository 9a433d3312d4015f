from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.mail import usable_addresses

FILED_ACTIVITY = "jinyang_aftersales.mail_activity_portal_filed"


class AftersalesFilingMixin(models.AbstractModel):
    """A document (``aftersales.document.mixin``) that a customer may file on the portal.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    customer              file; read those of the own company, but drafts only if a customer
                          filed them; write messages
    staff                 as the model says; nobody deletes what a customer filed
    ====================  ==================================================================

    What the customer wrote stays as a message in his name, whatever becomes of the document; the answer goes to
    him in his language, and his reply lands on the document.
    """

    _name = "aftersales.filing.mixin"
    _description = "Document Customers File"
    _inherit = ["aftersales.steps.mixin", "aftersales.portal.mixin"]

    filed_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent In By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer's contact who filed the document on the portal.",
    )

    def _is_open_by_token(self):
        # what our people prepare is theirs until they submit it
        shown = self.state != "draft" or bool(self.filed_by_id)
        return super()._is_open_by_token() and shown

    # === Filing === #

    def _filed(self, text):
        """A customer has just filed the document: keep his words as a message of his, and confirm it to him.

        Called by the portal on the new document, as superuser in the name of the customer.

        :param str text: what the customer wrote
        """
        self.ensure_one()
        author = self.env.user.partner_id
        document = self.with_context(mail_notify_force_send=False)
        document._write_unlocked({"filed_by_id": author.id})
        if text:
            document.message_post(
                body=text,
                author_id=author.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        document._after_filing()
        document._confirm_filing()

    def _confirm_filing(self):
        """Tell the customer that it has arrived."""
        self._tell_customer(lambda document: document._get_filing_text())

    def _after_filing(self):
        """What a filed document needs first: somebody looks at it."""
        self._ask_to_look()

    def _ask_to_look(self):
        """Give an activity to the specialist, or to the managers while nobody is in charge."""
        self.ensure_one()
        self._notify_users(
            self._get_filing_users(),
            FILED_ACTIVITY,
            lambda document: document.env._(
                "%s has filed this on the portal.", document.filed_by_id.name
            ),
        )

    def _get_filing_users(self):
        """:return: who looks at what a customer has filed, res.users"""
        self.ensure_one()
        return self.user_id.filtered("active") or self.company_id._aftersales_managers()

    def _get_filing_text(self):
        """The confirmation, in the language of the environment.

        :rtype: str
        """
        return self.env._(
            "Thank you. We have received %s and will get in touch with you. You can follow it on the portal; a reply"
            " to this mail reaches us there, too.",
            self.name,
        )

    # === Telling the customer === #

    def _tell_customer(self, get_text):
        """Write to who filed the document, else to its contact or the customer, in his language.

        Mail about it is queued, not sent here. Its author is the specialist in charge, else the company.

        :param get_text: function of a document, in the customer's language, that gives the text
        """
        for document in self:
            # sudo: who filed it and who is in charge, whoever acts
            document = document.sudo()
            customer = document._get_told_contact()
            if not customer:
                continue
            spoken = document.with_context(lang=document.company_id._aftersales_lang(customer))
            author = document._get_filing_author()
            spoken._post_to_customer(
                customer,
                get_text(spoken),
                author,
                email_from=author.email_formatted or document.company_id.email_formatted,
            )

    def _get_told_contact(self):
        """Who of the customer's is told: who filed the document, else its contact, else whoever has an address.

        Nobody who has left the customer, and none of our own people.

        :rtype: res.partner
        """
        self.ensure_one()
        people = self.filed_by_id
        if "contact_id" in self._fields:
            people |= self.contact_id
        people |= self.partner_id.software_contact_id | self.partner_id
        people = self._filter_customer_people(people).filtered("partner_share")
        for person in people:
            if usable_addresses(person.email):
                return person
        # without any address it is read on the portal
        return people & self.filed_by_id

    def _is_known_to_customer(self):
        """:return: whether the customer has heard of the document: he filed it, or it was decided"""
        return bool(self.filed_by_id) or self.state not in ("draft", "submitted")

    def _get_filing_author(self):
        """:return: in whose name the customer is written to, res.partner"""
        return self.user_id.partner_id or self.company_id.partner_id

    def _enter(self, state, **vals):
        result = super()._enter(state, **vals)
        # something has been done about them: whoever was to look at them has
        filed = self.filtered("filed_by_id")
        if filed:
            filed._withdraw_activities(FILED_ACTIVITY)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        for document in self:
            if document.filed_by_id:
                raise UserError(
                    self.env._(
                        "%s was filed by the customer and is not deleted: cancel it.",
                        document.display_name,
                    )
                )
