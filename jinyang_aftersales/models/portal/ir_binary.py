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

        Tokens open no blocked file, and files of documents with a page only as long as the visitor may read the page,
        by their own rights or by its link.

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
        if access_token and res_model == "ir.attachment" and res_id and not xmlid:
            # sudo: whether the token opens the file is what is asked
            file = self.env["ir.attachment"].sudo().browse(res_id).exists()
            document = file._get_page_document()
            if file.aftersales_blocked:
                access_token = None
            elif document and self.env.user.share:
                if document._opens_file(access_token, file, field):
                    return file
                readable = document.with_user(self.env.user).has_access("read")
                if not readable and not file._was_mailed_with(access_token):
                    access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field)
