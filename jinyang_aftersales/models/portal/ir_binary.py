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
        """Find the record of a file; malformed tokens are treated as wrong ones instead of raising.

        :param str xmlid: external id of the record
        :param str res_model: its model
        :param int res_id: its id
        :param str access_token: token that gives the right to read the record
        :param str field: name of the field that holds the file
        :return: the record
        :raises MissingError: when there is no such record
        :raises AccessError: when the visitor may not read the record
        """
        # Odoo's comparison raises for text that is not ASCII.
        if not (isinstance(access_token, str) and access_token.isascii()):
            access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)
