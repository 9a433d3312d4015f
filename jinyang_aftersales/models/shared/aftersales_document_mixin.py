from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AftersalesDocumentMixin(models.AbstractModel):
    """A numbered document that goes through states, which only its methods set.

    A model that uses it defines ``state`` and the class attributes below. Everything that decides whether a
    document may go to another state is in one method, :meth:`_get_move_obstacle`: buttons, guards and messages
    read it alike.
    """

    _name = "aftersales.document.mixin"
    _description = "Service Document"
    _inherit = ["aftersales.guard.mixin", "mail.thread", "mail.activity.mixin"]

    # (from, to): the action that goes there
    _state_moves = {}
    # those of them that a card of a board may be dragged along: their action needs to know nothing else
    _drag_moves = frozenset()
    # written by methods only: the value a new document begins with
    _protected_fields = {"state": "draft"}
    # states in which a document may still be changed and deleted; None: the one it begins with
    _draft_states = None
    # what was submitted: fixed as soon as the document leaves the draft
    _submitted_fields = frozenset()
    # given with the new document, then changed by methods only
    _given_fields = frozenset({"name"})
    # code of the sequence the number comes from
    _sequence_code = None
    # what stands behind the number in the document's name
    _title_fields = ()
    # what a document may link to only if it is its customer's: contacts, software, other documents
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
            parts = map(document._get_title_part, ("name", *self._title_fields))
            # one that is being written has no number yet: its form calls it new
            document.display_name = " ".join(filter(None, parts)) if document._origin else False

    def _get_title_part(self, name):
        """:return: what a field adds to the document's name, in the user's language"""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        return value.name if field.relational else value

    # === Customer === #

    @api.constrains(lambda self: self._customer_links and ("partner_id", *self._customer_links))
    def _check_customer(self):
        for document in self:
            # sudo: whose they are, for writers who may not read all of them
            row = document.sudo()
            customer = row.commercial_partner_id
            for name in self._customer_links:
                # contacts belong to whom they work for now, documents to whom they were made for
                if row[name].commercial_partner_id - customer:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(document)s belongs to another customer. Choose one of %(customer)s.",
                            field=self._fields[name]._description_string(self.env),
                            document=document.name,
                            customer=customer.display_name,
                        )
                    )

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
        self._check_guarded_vals(vals_list)
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["name"] = self.env["ir.sequence"]._aftersales_next(self._sequence_code, company)
        numbered = self._unlocked(["name"], rows=len(vals_list))
        return super(AftersalesDocumentMixin, numbered).create(vals_list)

    def write(self, vals):
        unlocked = self._get_unlocked_fields()
        # a card is dragged by a person, never by a method
        dragged = self._drag_moves and list(vals) == ["state"] and not self.env.su
        if dragged and "state" not in unlocked:
            self._drag(vals["state"])
            return True
        self._check_document_write(
            {name: value for name, value in vals.items() if name not in unlocked}
        )
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
        """:return: whether the document may still be changed and deleted"""
        self.ensure_one()
        if self._draft_states is None:
            return self.state == self._protected_fields["state"]
        return self.state in self._draft_states

    def _check_document_write(self, vals):
        """Refuse what users may not write.

        :param dict vals: values about to be written, without those that a method of the product unlocked
        :raises UserError: naming the fields, and what to do instead
        """
        for document in self:
            wrong = document._find_refused(vals)
            wrong |= document._changed_fields(vals, self._given_fields)
            if wrong:
                document._refuse_fields(wrong)
            if document._is_draft():
                continue
            wrong = document._changed_fields(vals, document._get_frozen_fields())
            if wrong:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: %(fields)s cannot be changed any more.",
                        document=document.display_name,
                        state=document._state_label(),
                        fields=document._labels(wrong),
                    )
                )

    def _get_frozen_fields(self):
        """Fields that are fixed in the present state; called for documents beyond the draft.

        :rtype: set[str]
        """
        return set(self._submitted_fields) | {"company_id"}

    # === States === #

    def _state_label(self, state=None):
        """:return: name of a state, the present one by default, in the user's language"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels.get(state or self.state, state or "")

    def _get_move_obstacle(self, state):
        """Why the document cannot go to a state now, in the user's language.

        Overridden by each model for what it asks for; the first reason found is the one that is told.

        :param str state: where to go
        :return: the reason, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if self.state == state:
            return self.env._(
                "%(document)s is already %(state)s.",
                document=self.display_name,
                state=self._state_label(),
            )
        if (self.state, state) not in self._state_moves:
            return self._get_wrong_move(state)
        return False

    def _get_wrong_move(self, state):
        """:return: that no way leads from the present state to another one, in the user's language"""
        return self.env._(
            "%(document)s is %(present)s and cannot become %(state)s.",
            document=self.display_name,
            present=self._state_label(),
            state=self._state_label(state),
        )

    def _move(self, state, action=None, **vals):
        """Go to another state, each document or none.

        :param str state: where to go
        :param str action: name of the action that goes there; where several actions lead to the state, each
            one is refused where only the others may begin
        :param vals: other fields that change with it
        :raises AccessError: for who may not write the documents
        :raises UserError: with the reason why not
        """
        self.check_access("write")
        for document in self:
            obstacle = document._get_move_obstacle(state)
            if not obstacle and action not in (None, self._state_moves[document.state, state]):
                obstacle = document._get_wrong_move(state)
            if obstacle:
                raise UserError(obstacle)
        self._write_unlocked({"state": state, **vals})

    def _drag(self, state):
        """A card was dragged to another state: the action that goes there is called, with all its checks.

        :param str state: the column it was dropped on
        :raises UserError: with the reason why not, or when the step has to be told more than a card can
        """
        for document in self.filtered(lambda document: document.state != state):
            obstacle = document._get_move_obstacle(state)
            if obstacle:
                raise UserError(obstacle)
            move = document.state, state
            if move not in self._drag_moves:
                raise UserError(
                    self.env._(
                        "Open %s and use its buttons: this step needs to know more.",
                        document.display_name,
                    )
                )
            getattr(document, self._state_moves[move])()
