from odoo import api, fields, models


class AftersalesIntakeRequest(models.Model):
    """A customer or a note that was entered in the telephone intake, and by whom.

    The dialogue sends a random key along, which the database stores only once: a double click, or a second try on a
    bad line, enters nothing twice. Service managers see which customers their specialists have entered, and which of
    them although others looked like them.

    ================  ======
    Who               May
    ================  ======
    service manager   read
    other roles       nothing
    ================  ======
    """

    _name = "aftersales.intake.request"
    _description = "Entered in the Telephone Intake"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _rec_name = "customer_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", required=True, ondelete="restrict", string="By"
    )
    key = fields.Char(required=True)
    kind = fields.Selection(
        selection=[("customer", "New Customer"), ("contact", "New Contact"), ("note", "Note")],
        required=True,
    )
    customer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer or Contact",
        index="btree_not_null",
        ondelete="set null",
    )
    doubles = fields.Text(
        string="Looked Like", help="Customers that looked the same, when this one was made anyway."
    )

    _one_request = models.UniqueIndex("(user_id, key)", "This has been entered already.")

    def _get_ledger_refusal(self):
        return self.env._("These rows are made by the telephone intake only.")

    @api.model
    def _take(self, key, kind):
        """The row of a request, a new one where it has not been sent before.

        :param str key: random key of the dialogue
        :param str kind: see the field
        :return: the row, as superuser; one with a customer was done already
        :raises ConcurrencyError: when the same request is under way; Odoo then runs this one again
        """
        # sudo: no user writes these rows; the row is found by the user's id and the key
        return self.sudo()._create_once(
            {"user_id": self.env.uid, "key": key},
            {"company_id": self.env.company.id, "kind": kind},
        )
