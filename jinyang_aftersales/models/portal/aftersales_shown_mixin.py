import hashlib
import json

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import consteq


class AftersalesShownMixin(models.AbstractModel):
    """A document whose page takes an answer of the customer: a signature, a yes or no, an opinion.

    The form sends the fingerprint of what its page showed. An answer to something else is not taken: the page may be
    open since before the document was changed.
    """

    _name = "aftersales.shown.mixin"
    _description = "Shown to a Customer Who Answers"

    def _get_shown_content(self):
        """What the customer reads before answering, without the answer itself; a model lists its own.

        Called on the document as superuser.

        :return: values that can be stored as JSON
        :rtype: dict
        """
        self.ensure_one()
        return {}

    def _get_shown_hash(self):
        """:return: fingerprint of what the page shows now: SHA-256, hexadecimal"""
        # sudo: what a page shows holds names of records that customers may not read; access was checked
        content = self.sudo()._get_shown_content()
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _check_shown(self, shown_hash):
        """Refuse an answer to something else than the document as it is now.

        :param shown_hash: fingerprint the form sent
        :raises UserError: when it is another one, or none
        """
        if not isinstance(shown_hash, str) or not consteq(
            self._get_shown_hash().encode(), shown_hash.encode()
        ):
            raise UserError(
                self.env._(
                    "What this page shows has been changed meanwhile, and nothing was sent. Please read it again, then"
                    " answer."
                )
            )
