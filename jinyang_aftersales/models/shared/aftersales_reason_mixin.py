from odoo import api, models
from odoo.exceptions import UserError


class AftersalesReasonMixin(models.AbstractModel):
    """Documents with steps that ask their user for a reason, or once more, in one dialogue (``aftersales.reason``).

    A button calls a method that returns :meth:`_ask_reason` or :meth:`_ask_first`; the dialogue then calls the step,
    with the reason if there is one. The step is a public method of its own: it checks the rights and refuses an empty
    reason, for RPC, too. Nobody is asked about a step that would be refused.
    """

    _name = "aftersales.reason.mixin"
    _description = "Document with Steps That Need a Reason"

    @api.model
    def _get_reason_steps(self):
        """The steps that the dialogue may call; a model adds its own.

        :return: titles of the dialogue, in the language of the reader, by name of the method, which takes the reason
            as its only argument
        :rtype: dict[str, str]
        """
        return {}

    @api.model
    def _get_asked_steps(self):
        """Steps that cannot be undone and need no reason: the dialogue asks once more; a model adds its own.

        :return: titles of the dialogue, in the language of the reader, by name of the method, which takes no argument
        :rtype: dict[str, str]
        """
        return {}

    def _check_before_asking(self, step):
        """Refuse a step that could not be taken, before its user is asked about it; a model checks what it can.

        :param str step: name of a method of :meth:`_get_reason_steps` or :meth:`_get_asked_steps`
        :raises AccessError: when the user may not take the step
        :raises UserError: with the reason why not
        """

    def _ask_reason(self, step, hint=False):
        """Open the dialogue that asks for the reason of a step.

        :param str step: name of a method of :meth:`_get_reason_steps`
        :param str | bool hint: what follows from the step, in the language of the reader
        :return: the action that opens the dialogue
        :rtype: dict
        :raises UserError: with the reason why the step cannot be taken
        """
        self._check_before_asking(step)
        return self._open_question(step, self._get_reason_steps()[step], hint, True)

    def _ask_first(self, step, hint):
        """Open the dialogue that asks whether a step is meant, as it cannot be undone.

        :param str step: name of a method of :meth:`_get_asked_steps`
        :param str hint: what follows from the step, in the language of the reader
        :return: the action that opens the dialogue
        :rtype: dict
        :raises UserError: with the reason why the step cannot be taken
        """
        self._check_before_asking(step)
        return self._open_question(step, self._get_asked_steps()[step], hint, False)

    def _open_question(self, step, title, hint, needs_reason):
        """:return: the action that opens the dialogue"""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "aftersales.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_ids": self.ids,
                "default_step": step,
                "default_hint": hint,
                "default_needs_reason": needs_reason,
            },
        }

    @api.model
    def _check_reason(self, text, question):
        """A reason that a user gave, without blanks around it.

        :param str text: the reason
        :param str | bool question: message for users who gave none, in their language; False where none is needed
        :rtype: str
        :raises UserError: with the question when a reason is needed and none was given
        """
        text = text.strip() if isinstance(text, str) else ""
        if question and not text:
            raise UserError(question)
        return text
