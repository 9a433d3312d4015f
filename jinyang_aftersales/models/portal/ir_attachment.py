from odoo import fields, models
from odoo.tools import consteq

# in the context of a page and its messages: the secret of the link that opened them
LINK_SECRET = "aftersales_link_secret"
# in the context of a file that is sent for a message: id of the link with which its sender has come
SENT_BY_LINK = "aftersales_sent_by_link"


class IrAttachment(models.Model):
    """Files on the page of a document are opened as long as the page: by the visitor's rights, or by the link.

    The addresses of files on a page that a link has opened hold a signature made with the link. Odoo's tokens open
    files for weeks, whoever holds them and whatever became of the link: on these documents they are good only for
    people who may read the document themselves. What was mailed to a person, e.g. pictures in the text of a mail,
    that mail opens for good.
    """

    _inherit = "ir.attachment"

    aftersales_link_id = fields.Many2one(
        comodel_name="aftersales.portal.link",
        string="Sent by Link",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The link with which somebody without an account has sent the file for a message.",
    )

    def _post_add_create(self, **kwargs):
        """Keep by which link the file was sent; the arguments are those of Odoo."""
        link = self.env.context.get(SENT_BY_LINK)
        if link:
            # sudo: visitors write no files; the link was found by the secret they have sent
            self.sudo().aftersales_link_id = link
        return super()._post_add_create(**kwargs)

    def _get_page_document(self):
        """:return: the document of a file that has a page on the portal, as superuser; else an empty recordset"""
        # sudo: only where the file belongs is read
        file = self.sudo()
        paged = self.pool["aftersales.portal.page.mixin"]
        if not file.res_id or file.res_model not in self.env:
            return file.browse()
        documents = file.env[file.res_model]
        return documents.browse(file.res_id) if isinstance(documents, paged) else file.browse()

    def _get_raw_access_token(self):
        return self._sign_for_link("raw") or super()._get_raw_access_token()

    def _get_thumbnail_token(self):
        return self._sign_for_link("thumbnail") or super()._get_thumbnail_token()

    def _sign_for_link(self, field):
        """:return: the signature that opens the file with the link of the page, False where no link opened it"""
        self.ensure_one()
        secret = self.env.context.get(LINK_SECRET)
        document = secret and self._get_page_document()
        return document and document._sign_file(secret, self, field)

    def _was_mailed_with(self, token):
        """Whether a token is the one with which mails hold the address of a file of a message.

        :param str token: as the visitor sent it
        :rtype: bool
        """
        # sudo: only the token is compared, and whether the file belongs to a message
        file = self.sudo()
        return bool(
            file.access_token
            and consteq(file.access_token, token)
            and file.env["mail.message"].search_count([("attachment_ids", "in", file.ids)], limit=1)
        )

    def _has_attachments_ownership(self, attachment_tokens):
        """Visitors without an account own what they have not sent yet, and no file of a document.

        :param list attachment_tokens: tokens from the client, one for each file
        :rtype: bool
        """
        if self.env.user._is_public() and any(file._get_page_document() for file in self.exists()):
            return False
        return super()._has_attachments_ownership(attachment_tokens)
