from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        """Find the record of a file; a token that cannot be one is a wrong token, not an error.

        :param str xmlid: external id of the record
        :param str res_model: its model
        :param int res_id: its id
        :param str access_token: token that stands for the right to read it
        :param str field: field that holds the file
        :return: the record
        :raises MissingError: there is none
        :raises AccessError: it is not for the visitor
        """
        # comparing other text with a token raises instead of being unequal
        if not (isinstance(access_token, str) and access_token.isascii()):
            access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)
