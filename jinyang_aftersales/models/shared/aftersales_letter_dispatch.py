import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_line

CHANNELS = [("fax", "Fax"), ("post", "Post")]


class AftersalesLetterDispatch(models.Model):
    """A letter that went to a customer by fax or post: the paper as it was sent, where, when, by whom, and the proof.

    Rows are evidence (五.2.2, 五.2.3, 四 回访专员.4): methods of the documents make them, nobody changes or
    deletes them.
    """

    _name = "aftersales.letter.dispatch"
    _description = "Letter Sent by Fax or Post"
    _inherit = ["aftersales.ledger.mixin", "aftersales.file.mixin"]
    _order = "sent_on desc, id desc"
    _rec_name = "document_name"
    _allow_sudo_commands = False
    _scan_fields = ("proof_file",)
    _scan_names = ("proof_name",)

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, index=True
    )
    document_name = fields.Char(string="Letter Number", required=True)
    channel = fields.Selection(selection=CHANNELS, required=True)
    sent_to = fields.Char(string="Number or Address", required=True)
    sent_on = fields.Datetime(required=True)
    sent_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Sent By", required=True
    )
    proof = fields.Char()
    proof_file = fields.Binary(string="Proof as a File")
    proof_name = fields.Char()
    letter = fields.Binary(string="Letter as Sent")
    letter_name = fields.Char()

    def _get_ledger_refusal(self):
        return self.env._(
            "Letters sent by fax or post are recorded by the buttons of the document."
        )

    @api.model
    def _prepare_dispatch(self, values, company):
        """Check what a dialogue recorded about a dispatch.

        :param dict values: ``channel``, ``sent_to``, ``sent_on`` (now by default), ``proof``, ``proof_file``,
            ``proof_name``
        :param company: res.company
        :return: values of the row, without document and letter
        :rtype: dict
        :raises UserError: naming what is missing
        """
        channel, now = values.get("channel"), fields.Datetime.now()
        sent_on = fields.Datetime.to_datetime(values.get("sent_on")) or now
        sent_to = clean_line(values.get("sent_to") or "")
        proof = clean_line(values.get("proof") or "")
        if channel not in dict(CHANNELS):
            raise UserError(self.env._("Letters go out by fax or post."))
        if sent_on > now:
            raise UserError(self.env._("The letter cannot have been sent in the future."))
        if not sent_to:
            raise UserError(self.env._("Enter the fax number or the address the letter went to."))
        if not proof and not values.get("proof_file"):
            raise UserError(
                self.env._("Enter the proof: the fax report or the waybill, as text or as a file.")
            )
        return {
            "company_id": company.id,
            "channel": channel,
            "sent_to": sent_to,
            "sent_on": sent_on,
            "sent_by_id": self.env.uid,
            "proof": proof or False,
            "proof_file": values.get("proof_file") or False,
            "proof_name": values.get("proof_name") or False,
        }

    @api.model
    def _record(self, document, customer, checked, letter, name):
        """Make the row of a document; the caller has checked the rights on it.

        :param document: the document the letter belongs to
        :param customer: res.partner
        :param dict checked: of :meth:`_prepare_dispatch`
        :param bytes letter: the PDF as it was sent
        :param str name: name of its file
        :return: the row
        """
        # sudo: no user may make these rows; the caller has checked the rights on the document
        return self.sudo()._create_unlocked(
            {
                **checked,
                "partner_id": customer.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": document.name,
                "letter": letter and base64.b64encode(letter),
                "letter_name": name,
            }
        )
