import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import consteq

from ...groups import MANAGERS, SPECIALISTS

# what a link gives to who holds it
ACT, READ = "act", "read"
# days after the update for which links of before, which belong to no person, still show their document
OLD_LINK_DAYS = 30


class AftersalesPortalLink(models.Model):
    """The link in mails that opens one document for one person of the customer, without an account.

    It ends when its person is archived or leaves the owner of the document, when our people withdraw it, and some
    days after the document has ended (setting of the company). The next mail to a person whose link has ended holds
    a new one.

    ====================  =========================================================
    Who                   May
    ====================  =========================================================
    all roles             read whose links there are, never their secrets
    specialist, manager   withdraw
    nobody                create, change, delete
    ====================  =========================================================
    """

    _name = "aftersales.portal.link"
    _description = "Link in Mails to a Customer"
    _inherit = ["aftersales.ledger.mixin", "aftersales.reason.mixin", "aftersales.job.mixin"]
    _order = "id desc"
    _rec_name = "document_name"
    _allow_sudo_commands = False
    _search_links = ("partner_id",)

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(compute="_compute_document_name")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    secret = fields.Char(required=True, readonly=True, copy=False)
    valid_until = fields.Date(
        readonly=True, help="The last day; empty while the document has not ended."
    )
    withdrawn_on = fields.Datetime(readonly=True)
    withdrawn_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Withdrawn By", readonly=True
    )

    _document_idx = models.Index("(res_model, res_id, partner_id)")

    @api.model
    def _get_search_documents(self):
        names = self.env.registry.descendants(["aftersales.portal.page.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for link in self:
            # sudo: the name of a document whose link the reader may withdraw
            document = link._get_document()
            link.document_name = document.display_name if document else False

    def _has_field_access(self, field, operation):
        """Hide the secret from all users: only the mail that is written to its person holds it.

        :param field: the field
        :param str operation: ``read`` or ``write``
        :rtype: bool
        """
        if field.name == "secret" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _get_ledger_refusal(self):
        return self.env._("Links are made by the mails that hold them, and ended with “Withdraw”.")

    def _get_document(self):
        """:return: the document as superuser, empty when it was deleted"""
        # sudo: whether the document is there; callers give nothing of it away without a check
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    # === Made, found === #

    @api.model
    def _ensure(self, document, partner):
        """The living link of a person to a document; a new one when there is none.

        :param document: the document
        :param partner: res.partner
        :rtype: aftersales.portal.link
        """
        return self._ensure_each(document, {document.id: partner})[document.id]

    @api.model
    def _ensure_each(self, documents, people):
        """The living link to each document for its person; those that are missing are made.

        :param documents: documents of one model
        :param dict people: res.partner by id of the document
        :return: link by id of the document, as superuser
        :rtype: dict
        """
        # sudo: users do not read the secrets; links are made by methods only
        links, documents = self.sudo(), documents.sudo()
        found = links.search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("withdrawn_on", "=", False),
            ]
        ).grouped(lambda link: (link.res_id, link.partner_id.id))
        each, missing = {}, documents.browse()
        for document in documents:
            known = found.get((document.id, people[document.id].id), links.browse())
            living = known.filtered(lambda link, row=document: link._is_living(row))[:1]
            if living:
                each[document.id] = living
            else:
                missing |= document
        ended = missing.filtered_domain(missing._get_ended_domain())
        created = links._create_unlocked(
            [
                {
                    "company_id": company.id,
                    "res_model": document._name,
                    "res_id": document.id,
                    "partner_id": people[document.id].id,
                    "secret": secrets.token_urlsafe(32),
                    "valid_until": document in ended and self._get_last_day(company),
                }
                for document in missing
                for company in [document.company_id or self.env.company]
            ]
        )
        return {**each, **dict(zip(missing.ids, created, strict=True))}

    @api.model
    def _find_living(self, document, partner):
        """:return: the link that opens a document for a person now, as superuser; empty when there is none"""
        # sudo: users do not read the secrets
        links = self.sudo().search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("partner_id", "=", partner.id),
                ("withdrawn_on", "=", False),
            ]
        )
        return links.filtered(lambda link: link._is_living(document))[:1]

    @api.model
    def _find_opening(self, document, secret):
        """:return: the link of a secret, as superuser, when it opens the document now; else empty"""
        # sudo: the secret is the visitor's right
        links = self.sudo()
        if not secret or not isinstance(secret, str) or not secret.isascii():
            return links
        links = links.search([("res_model", "=", document._name), ("res_id", "=", document.id)])
        return links.filtered(
            lambda link: consteq(link.secret, secret) and link._is_living(document)
        )[:1]

    def _is_living(self, document):
        """Whether the link opens its document now.

        :param document: the document
        :rtype: bool
        """
        self.ensure_one()
        person, owner = self.partner_id, document.sudo().commercial_partner_id
        today = self.company_id._aftersales_today()
        return bool(
            not self.withdrawn_on
            and person.active
            and owner
            and person.commercial_partner_id == owner
            and (not self.valid_until or self.valid_until >= today)
        )

    # === Ended === #

    @api.model
    def _get_last_day(self, company):
        """:return: last day of the links to a document that has just ended"""
        # sudo: only the setting is read
        return company._aftersales_today() + timedelta(days=company.sudo().aftersales_link_days)

    @api.model
    def _get_job_steps(self):
        return [*super()._get_job_steps(), (58, self._end_links)]

    @api.model
    def _end_links(self, company, today):
        """Give links to documents that have ended their last day, and take it from those that go on again.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        """
        # sudo: a routine of the company
        links = self.sudo()
        mine = Domain("company_id", "=", company.id) & Domain("withdrawn_on", "=", False)
        day = self._get_last_day(company)
        for (model,) in links._read_group(mine, ["res_model"]):
            if model not in self.env:
                continue
            documents = self.env[model].sudo().with_context(active_test=False)
            ended = documents._search(documents._get_ended_domain())
            of_model = mine & Domain("res_model", "=", model)
            over = Domain("res_id", "in", ended)
            new = of_model & over & Domain("valid_until", "=", False)
            links.search(new)._write_unlocked({"valid_until": day})
            again = of_model & ~over & Domain("valid_until", "!=", False)
            links.search(again)._write_unlocked({"valid_until": False})

    @api.model
    def _get_asked_steps(self):
        return {**super()._get_asked_steps(), "action_withdraw": self.env._("Withdraw")}

    def _check_before_asking(self, step):
        self.check_access("read")
        if not (self.env.user.has_group(SPECIALISTS) or self.env.user.has_group(MANAGERS)):
            raise AccessError(self.env._("Links are withdrawn by specialists and managers."))
        return super()._check_before_asking(step)

    def action_ask_withdraw(self):
        """Ask once more before links end."""
        return self._ask_first(
            "action_withdraw",
            self.env._(
                "The person can then no longer open the document by the link of the mail. Withdraw it?"
            ),
        )

    def action_withdraw(self):
        """End links now, e.g. of somebody who has left the customer.

        :raises AccessError: for users other than specialists and managers
        """
        self._check_before_asking("action_withdraw")
        # sudo: nobody has the right to write links; who may withdraw them was checked
        for link in self.filtered(lambda row: not row.withdrawn_on).sudo():
            link._write_unlocked(
                {"withdrawn_on": fields.Datetime.now(), "withdrawn_by_id": self.env.uid}
            )
            document = link._get_document()
            if document and "message_ids" in document._fields:
                document._message_log(
                    body=self.env._("The link mailed to %s was withdrawn.", link.partner_id.name)
                )
