from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .keys import KEY


class AftersalesDocumentMixin(models.AbstractModel):
    """A numbered document that goes through states, which only its methods set.

    A model that inherits it defines ``state``, its ``_steps`` and the class attributes below.
    """

    _name = "aftersales.document.mixin"
    _description = "Service Document"
    _inherit = [
        "aftersales.steps.mixin",
        "aftersales.text.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]

    # fields that only methods write, with the value in a new document
    _protected_fields = {"state": "draft"}
    # fields that may be given with a new document, and that only methods change afterwards
    _given_fields = frozenset({"name"})
    # code of the sequence from which numbers are drawn; None: documents have no number
    _sequence_code = None
    # fields shown behind the number in the document's name
    _title_fields = ()
    # states in which the work on a document is over, so that nobody looks at it by themselves
    _over_states = frozenset({"done", "closed", "cancelled", "refused"})
    # links to contacts, software and other documents, which have to belong to the customer of the document
    _customer_links = ()

    name = fields.Char(string="Number", default="/", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )

    # === Name === #

    @api.depends(lambda self: ("name", *self._title_fields))
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            # A document that is not saved has no number yet; its form shows "New".
            parts = document._get_title_parts() if document._origin else []
            document.display_name = " ".join(filter(None, parts)) or False

    def _get_title_parts(self):
        """Parts of the document's name, in the user's language: its number, then the values of ``_title_fields``.

        :rtype: list[str | bool]
        """
        self.ensure_one()
        parts = [self.name]
        for name in self._title_fields:
            field, value = self._fields[name], self[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            parts.append(value.name if field.relational else value)
        return parts

    # === Customer === #

    @api.constrains(lambda self: self._customer_links and ("partner_id", *self._customer_links))
    def _check_customer(self):
        for document in self:
            # sudo: only owners are compared; writers may not be able to read all linked records
            row = document.sudo()
            customer = row.commercial_partner_id
            for name in self._customer_links:
                # A contact belongs to its present company, a document to the customer for which it was made.
                if row[name].commercial_partner_id - customer:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(document)s belongs to another customer. Choose one of %(customer)s.",
                            field=self._fields[name]._description_string(self.env),
                            document=document.name,
                            customer=customer.display_name,
                        )
                    )

    def _is_over(self):
        return self.state in self._over_states

    # === CRUD === #

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), **self._protected_fields}

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | self._protected_fields.keys()

    @api.model_create_multi
    def create(self, vals_list):
        if not self._sequence_code:
            return super().create(vals_list)
        rows = len(vals_list)
        self._check_new_vals(vals_list, self._get_unlocked_fields(rows))
        # Copy the values: the caller may use its own again.
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["name"] = self.env["ir.sequence"]._aftersales_next(self._sequence_code, company)
        numbered = self._unlocked(["name"], rows)
        return super(AftersalesDocumentMixin, numbered).create(vals_list)

    def write(self, vals):
        # Only users drag cards: a method writes the state as superuser or with a key.
        by_user = not self.env.su and KEY not in self.env.context
        if by_user and list(vals) == ["state"] and any(step.by_card for step in self._steps):
            self._drag(vals["state"])
            return True
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        for document in self:
            if not document._is_draft():
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: only drafts are deleted.",
                        document=document.display_name,
                        state=document._state_label(),
                    )
                )

    # === Guards === #

    def _is_draft(self):
        """:return: whether the document is in its first state, in which it may still be deleted"""
        self.ensure_one()
        return self.state == self._protected_fields["state"]

    def _check_locked_vals(self, vals):
        for document in self:
            wrong = document._find_refused(vals)
            wrong |= document._changed_fields(vals, self._given_fields)
            if wrong:
                document._refuse_fields(wrong)
        self._check_field_states(vals)

    def _get_frozen_fields(self):
        frozen = super()._get_frozen_fields()
        return frozen if self._is_draft() else frozen | {"company_id"}

    # === Decisions === #

    def _decide(self, action, said, values=None, target=None):
        """Take a step by which the user decides on the documents, and store the opinion or reason with it.

        :param str action: name of the action
        :param str said: the opinion or the reason
        :param dict values: other values that were decided, see :meth:`_prepare_decision_vals`
        :param str target: the state to go to, for an action that leads to several states
        :raises AccessError: when the user may not write the documents
        :raises UserError: with the reason why not, or when a reason has to be given
        """
        for document in self:
            state = document._check_step(action, target)
            text = self._check_reason(said, document._get_reason_question(action))
            document._enter(state, **document._prepare_decision_vals(action, text, values or {}))
            document._after_decision(text)

    def _get_reason_question(self, action):
        """The question by which a decision without a reason is refused.

        :param str action: name of the action
        :return: the question in the user's language, False where the decision needs no reason
        :rtype: str | bool
        """
        return self.env._("Give the reason of the decision.")

    def _prepare_decision_vals(self, action, said, values):
        """Fields of the document that change with a decision.

        :param str action: name of the action
        :param str said: the opinion or the reason, empty where none was given
        :param dict values: other values that were decided
        :rtype: dict
        """
        return values

    def _after_decision(self, said):
        """Called after a decision, in the state it led to; models do here what follows from it.

        :param str said: the opinion or the reason
        """
