from odoo import api, fields, models
from odoo.exceptions import UserError

from ...groups import READERS


class AftersalesCallbackMixin(models.AbstractModel):
    """A document about which the customer is called back: a visit, a change, a complaint (五.5, 四 回访专员.1-2).

    The model names the colleagues who did the work, opens the call by
    ``self.env["aftersales.callback"]._open_for(document, kind)``, and acts on its result in :meth:`_after_callback`.
    """

    _name = "aftersales.callback.mixin"
    _description = "Document with Call-backs"

    # fields that name the colleagues who did the work: when one changes, open calls move to other callers
    _callback_worker_fields = frozenset()

    callback_ids = fields.One2many(
        comodel_name="aftersales.callback",
        inverse_name="res_id",
        string="Call-backs",
        groups=READERS,
        copy=False,
    )
    callback_count = fields.Integer(compute="_compute_callback_count", groups=READERS)

    @api.depends("callback_ids")
    def _compute_callback_count(self):
        counts = self.env["aftersales.callback"]._count_by(
            "res_id", self.ids, [("res_model", "=", self._name)]
        )
        for document in self:
            document.callback_count = counts[document.id]

    def _get_callback_workers(self):
        """Colleagues who did the work, and therefore never call the customer about it.

        :rtype: res.users
        """
        self.ensure_one()
        return self.env["res.users"]

    def _get_callback_facts(self):
        """What the caller has to know of the work: its result, who did it, what the customer said on site.

        :return: facts, see ``tools/facts.py``, read with the rights of the caller
        :rtype: list[dict]
        """
        self.ensure_one()
        return []

    def _after_callback(self, callback):
        """Called when the customer was reached; a model overrides it to act on the result.

        :param callback: aftersales.callback, recorded
        """

    @api.constrains(lambda self: tuple(self._callback_worker_fields))
    def _follow_workers(self):
        """Move open calls away from colleagues who did the work; a constraint, so that every write runs it."""
        self.env["aftersales.callback"]._sync_workers(self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_called(self):
        # sudo: counts calls, which the user who may delete the document may not all read
        called = self.sudo().filtered("callback_ids")[:1]
        if called:
            raise UserError(
                self.env._("%s has call-backs and is not deleted.", called.display_name)
            )

    def action_view_callbacks(self):
        """Open the call-backs of the document."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_callback_action",
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            {"create": False},
        )
