from odoo import api, models
from odoo.exceptions import RedirectWarning
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text import list_words

# In the context of a write after which documents go along; callers from outside cannot send this object.
FOLLOWS = object()
# models whose ``partner_id`` is the person who wrote, not the company that owns the row
OF_PERSONS = frozenset(
    {"aftersales.partner.key", "aftersales.portal.link", "aftersales.unplaced.mail"}
)


class ResPartner(models.Model):
    """What becomes of a customer's documents when it stops being a company of its own.

    A branch, a person or a duplicate that is entered as a contact of a company owns nothing any more: all its
    documents go to that company, after the user has seen what they are and who will read them. Contacts who were no
    owners take nothing along.
    """

    _inherit = "res.partner"

    def write(self, vals):
        """Let no document go to another company unseen.

        :param dict vals: the values written
        :raises RedirectWarning: for a customer with documents that becomes part of a company; it leads to the dialogue
        """
        if vals.keys().isdisjoint({"parent_id", "is_company", "company_type"}):
            return super().write(vals)
        # sudo: only whether they are companies of their own is compared
        owners = self.filtered(lambda partner: partner.sudo().commercial_partner_id == partner)
        result = super().write(vals)
        ended = owners.filtered(lambda partner: partner.sudo().commercial_partner_id != partner)
        if not ended:
            return result
        if self.env.context.get("aftersales_owner") is FOLLOWS:
            ended._hand_over_documents()
        else:
            ended._ask_where_documents_go()
        return result

    # === Which documents === #

    @api.model
    def _get_owned_models(self):
        """Models of documents that belong to a customer.

        :rtype: list[odoo.models.BaseModel]
        """
        names = self.env.registry.descendants(["aftersales.owner.mixin"], "_inherit")
        return [self.env[name] for name in sorted(names) if not self.env[name]._abstract]

    def _find_documents(self):
        """Documents of the customers, by model, archived ones, too; as superuser.

        :rtype: dict[str, odoo.models.BaseModel]
        """
        found = {}
        for model in self._get_owned_models():
            # sudo: documents in whatever company and state, also those the user may not read
            rows = model.sudo().with_context(active_test=False)
            documents = rows.search([("commercial_partner_id", "in", self.ids)])
            if documents:
                found[model._name] = documents
        return found

    # === Asking === #

    def _ask_where_documents_go(self):
        """Refuse that customers with documents become part of a company before the user has confirmed it.

        :raises RedirectWarning: leading to the dialogue
        """
        for partner in self:
            if partner._find_documents():
                raise RedirectWarning(
                    self.env._(
                        "%(customer)s has documents of its own. As a part of %(company)s it owns nothing any more: its"
                        " documents become those of %(company)s and are read by its people. See which they are, and"
                        " confirm it.",
                        customer=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    ),
                    {
                        "type": "ir.actions.act_window",
                        "name": self.env._("Documents Go to Another Company"),
                        "res_model": "aftersales.owner.follow",
                        "views": [(False, "form")],
                        "target": "new",
                        "context": {
                            "default_partner_id": partner.id,
                            "default_parent_id": partner.parent_id.id,
                        },
                    },
                    self.env._("Show the documents"),
                )

    # === Going along === #

    def _hand_over_documents(self):
        """Give the documents of customers that are no companies of their own to the companies they are part of."""
        for partner in self.sudo():
            owner = partner.commercial_partner_id
            documents = partner._find_documents() if owner != partner else {}
            if not documents:
                continue
            partner._before_documents_go(owner, "part")
            self.env.flush_all()
            partner._hand_over_rows(owner)
            self.env.invalidate_all()
            text = self.env._(
                "%(customer)s became part of %(company)s, and its documents with it: %(documents)s",
                customer=partner.display_name,
                company=owner.display_name,
                documents=list_words(self.env, self._name_documents(documents)),
            )
            (partner + owner)._message_log_batch(bodies=dict.fromkeys((partner + owner).ids, text))
        self.env.registry.clear_cache()

    def _before_documents_go(self, owner, reason):
        """Join what a customer has only once, and note down who takes the place of these customers.

        :param owner: res.partner, to whom the documents go
        :param str reason: see ``aftersales.partner.successor``
        """
        for model in self._get_owned_models():
            # sudo: follows from what the user does with the contacts, who may not write the documents
            model.sudo()._merge_customers(self, owner)
        self.env["aftersales.partner.successor"]._note(self, owner, reason)

    def _hand_over_rows(self, owner):
        """Change the owner of documents, and their customer where that is a company; one statement a column.

        The documents stay as they are otherwise: nothing is computed anew, and what was signed is not touched.

        :param owner: res.partner
        """
        columns = {(model._table, "commercial_partner_id") for model in self._get_owned_models()}
        for name, model in self.env.registry.items():
            # tickets and contracts, which may be made for any contact, keep theirs
            ours = name.startswith("aftersales.") and name not in OF_PERSONS
            field = ours and model._fields.get("partner_id")
            if field and field.store and field.comodel_name == self._name and model._auto:
                columns.add((model._table, "partner_id"))
        for table, column in sorted(columns):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(owner)s WHERE %(column)s = %(partner)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    owner=owner.id,
                    partner=self.id,
                )
            )

    @api.model
    def _name_documents(self, documents):
        """:return: how many documents there are of each kind, in the user's language
        :rtype: list[str]
        """
        # sudo: labels of models only
        names = {model: self.env["ir.model"].sudo()._get(model).name for model in documents}
        return [
            self.env._("%(kind)s (%(count)s)", kind=names[model], count=len(rows))
            for model, rows in documents.items()
        ]

    def _get_readers_after(self, owner):
        """Customers' users who read the documents once they belong to a company.

        :param owner: res.partner
        :rtype: res.users
        """
        # sudo: only the names are shown to whoever may write the contact
        users = self.env["res.users"].sudo()
        return users.search(
            Domain("share", "=", True)
            & Domain("partner_id.commercial_partner_id", "in", (self + owner).ids)
        )
