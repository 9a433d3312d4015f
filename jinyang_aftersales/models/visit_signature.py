import json

from odoo import api, fields, models

from ..tools_signature import signature_hash

SIGNED_FIELDS = (
    "name",
    "partner_id",
    "installation_id",
    "problem",
    "technician_ids",
    "arrived_on",
    "result",
    "customer_opinion",
    "score_attitude",
    "score_skill",
    "score_result",
    "signed_by_name",
    "signed_on",
)


class AftersalesVisit(models.Model):
    """The customer's signature under the feedback form (五.3.5).

    What was shown to the signer is kept as he saw it, with a hash over it and the drawing. These fields cannot
    be changed afterwards; who changes them past the product breaks the hash, which the form then says.
    """

    _inherit = "aftersales.visit"

    @api.depends("state", "signature_hash", *SIGNED_FIELDS)
    def _compute_signature_valid(self):
        for visit in self:
            visit.signature_valid = bool(visit.signature_hash) and visit._is_signature_intact()

    def _get_signed_content(self):
        """What the customer sees when signing; related records with the names they have then.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: names of technicians and software, whoever asks
        visit = self.sudo()
        content = {}
        for name in SIGNED_FIELDS:
            field, value = visit._fields[name], visit[name]
            if field.relational:
                content[name] = [[record.id, record.display_name] for record in value.sorted("id")]
            elif field.type == "datetime":
                content[name] = fields.Datetime.to_string(value) or False
            else:
                content[name] = value or False
        return content

    @api.model
    def _hash_signature(self, content, image):
        """:return: SHA-256 over the text that was signed and the drawing, hexadecimal"""
        return signature_hash(content, image)

    def _is_signature_intact(self):
        """:return: whether text, drawing and fields are those that were signed"""
        # sudo: a comparison, whoever reads the visit
        visit = self.sudo().with_context(bin_size=False)
        if visit.signature_hash != self._hash_signature(
            visit.signed_content or "", visit.customer_signature
        ):
            return False

        def bare(content):
            # records may get another name later
            return {
                name: [row[0] for row in value] if isinstance(value, list) else value
                for name, value in content.items()
            }

        return bare(json.loads(visit.signed_content)) == bare(visit._get_signed_content())

    def action_sign(self):
        """The customer's person in charge has signed the feedback form (五.3.5).

        :raises UserError: while result, signatory, drawing or the time of arrival are missing
        """
        for visit in self.with_context(bin_size=False):
            signed_on = fields.Datetime.now()
            visit._move("feedback", signed_on=signed_on)
            content = json.dumps(visit._get_signed_content(), ensure_ascii=False, sort_keys=True)
            visit._opened().write(
                {
                    "signed_content": content,
                    "signature_hash": self._hash_signature(content, visit.customer_signature),
                }
            )
            visit._message_log(
                body=self.env._(
                    "Signed by %(name)s. SHA-256: %(hash)s",
                    name=visit.signed_by_name,
                    hash=visit.signature_hash,
                )
            )

    def action_reopen(self):
        """Take a signed visit back on site: the signature is void, the customer signs again.

        :raises UserError: for who is no service manager, or when the form has been handed in
        """
        for visit in self:
            voided = visit.signed_by_name, visit.signature_hash
            visit._move(
                "on_site",
                action="action_reopen",
                customer_signature=False,
                signed_on=False,
                signed_content=False,
                signature_hash=False,
            )
            visit._message_log(
                body=self.env._(
                    "Reopened: the signature of %(name)s is void. SHA-256: %(hash)s",
                    name=voided[0],
                    hash=voided[1],
                )
            )
