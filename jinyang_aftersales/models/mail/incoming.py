import base64
import logging
from dataclasses import dataclass
from xmlrpc import client as xmlrpclib

import psycopg2
from markupsafe import Markup

from odoo import api, models

from ...tools.files import BLOCKED_SUFFIX, clean_file_name, get_file_type
from ...tools.mail_rewrite import rewrite_mail
from ...tools.mail_unpack import take_pictures, unpack_tnef

_logger = logging.getLogger(__name__)

# the mail as it came in, attached to a message where it could not be read
ORIGINAL = "original.eml"

# in the details of a file that came by mail: its content, which Odoo passes on in base64 only
CONTENT = "aftersales_content"
# in the context while a mail is taken in: its :class:`IncomingMail`
INCOMING_MAIL = "aftersales_incoming_mail"


@dataclass(eq=False)
class IncomingMail:
    """A mail on its way in: as the server received it, and what was found out about it.

    ``contacts`` are the partners outside our company with the address of the sender; ``is_colleague`` says whether it
    is one of ours. ``verified`` is what our mail server says of the sender: None where it is not asked. ``refused``
    says that Odoo wanted to send the mail back.
    """

    raw: bytes = b""
    readable: bool = True
    address: str = ""
    contacts: object = ()
    is_colleague: bool = False
    verified: bool | None = None
    refused: bool = False

    @property
    def is_trusted(self):
        """Whether the mail counts as written by the person whose address it bears.

        Anybody can write any address: without the word of our server nobody is a colleague, and customers are
        believed, who get no rights by it.
        """
        if not self.address or self.is_colleague:
            return bool(self.address) and self.verified is True
        return self.verified is not False or not self.contacts

    @property
    def is_of_several(self):
        """Whether the address of the sender is that of contacts of several customers."""
        return bool(self.contacts) and len(self.contacts.commercial_partner_id) > 1

    @property
    def is_unchecked(self):
        """Whether the mail counts as a customer's although no server was asked who wrote it."""
        return self.is_trusted and bool(self.contacts) and self.verified is None

    @property
    def is_known(self):
        """Whether a contact, or a colleague, wrote the mail."""
        return self.is_trusted and bool(self.contacts or self.is_colleague)


class MailThread(models.AbstractModel):
    """Mail in any character set is taken in: rewritten before it is parsed, with the original where that failed."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Rewrite a mail in UTF-8 before Odoo parses it; the arguments are those of Odoo.

        :param str model: model of the documents that mail without another place makes
        :param message: the mail as text, bytes, or binary of XML-RPC
        :return: id of the document, a false value where the mail made or found none
        """
        if isinstance(message, xmlrpclib.Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogateescape")
        rewritten, readable = rewrite_mail(message, (unpack_tnef,), take_pictures)
        incoming = IncomingMail(message, readable)
        thread = self.with_context(**{INCOMING_MAIL: incoming})
        return super(MailThread, thread).message_process(model, rewritten, *args, **kwargs)

    @api.model
    def message_parse(self, message, *args, **kwargs):
        """Mark a mail that could not be read wholly, and attach the original; the arguments are those of Odoo.

        :param email.message.EmailMessage message: the mail
        :return: the mail as values by name
        :rtype: dict
        """
        message_dict = super().message_parse(message, *args, **kwargs)
        incoming = self.env.context.get(INCOMING_MAIL)
        if incoming and not incoming.readable:
            spoken = self.with_context(lang=self.env.company._aftersales_lang())
            mark = spoken.env._(
                "Not all of this mail could be read. The mail as it came in is attached."
            )
            message_dict["body"] = Markup("<p><b>%s</b></p>%s") % (
                mark,
                Markup(message_dict.get("body") or ""),
            )
            original = self._Attachment(ORIGINAL, incoming.raw, {})
            message_dict["attachments"] = [*message_dict.get("attachments", ()), original]
        return message_dict

    def _message_parse_extract_payload(self, message, message_dict, *args, **kwargs):
        try:
            payload = super()._message_parse_extract_payload(message, message_dict, *args, **kwargs)
            for _name, content, info in payload["attachments"]:
                info[CONTENT] = content
            return payload
        except psycopg2.Error:
            raise
        except Exception:
            incoming = self.env.context.get(INCOMING_MAIL)
            if not incoming:
                raise
            # The mail server has handed the mail over: what is not taken in here is lost.
            _logger.info("A mail could not be parsed; it is taken in as a file.", exc_info=True)
            incoming.readable = False
            return {"body": "", "attachments": []}

    @api.model
    def _create_attachments_for_post(self, values_list, extra_list):
        if self.env.context.get(INCOMING_MAIL):
            values_list = [
                self._check_incoming_file(values, (info or {}).get(CONTENT))
                for values, (*_rest, info) in zip(values_list, extra_list, strict=True)
            ]
        return super()._create_attachments_for_post(values_list, extra_list)

    @api.model
    def _check_incoming_file(self, values, raw):
        """Block a file of a mail that forms of the portal would refuse.

        :param dict values: values of the attachment, not changed
        :param raw: its content, where it is known
        :rtype: dict
        """
        name = clean_file_name(values["name"] or "")
        values = {**values, "name": name, "description": name}
        if not isinstance(raw, bytes):
            raw = base64.b64decode(values["datas"])
        del values["datas"]
        values["raw"] = raw
        if name == ORIGINAL:
            return {**values, "mimetype": "text/plain"}
        mimetype = get_file_type(name, raw)
        if mimetype:
            return {**values, "mimetype": mimetype}
        values.pop("access_token", None)
        return {
            **values,
            "name": f"{name}{BLOCKED_SUFFIX}",
            "aftersales_blocked": True,
            "mimetype": "application/octet-stream",
        }
