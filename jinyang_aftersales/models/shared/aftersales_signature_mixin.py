import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...groups import READERS
from ...tools.files import SentFile

SIGNATURE_TYPES = frozenset({"image/png", "image/jpeg"})
MAX_SIGNATURE_BYTES = 2 * 1024 * 1024
# stands among the signed contents for the names and addresses printed on the paper
PRINTED = "printed"


class AftersalesSignatureMixin(models.AbstractModel):
    """A document that a person of the customer signs with a drawing (五.3.5, 五.7.3).

    The contents that the signatory sees are stored at signing, with a hash over them and the drawing. A model lists
    the fields in ``_signed_fields`` and refuses to change them afterwards. Names and addresses on the paper
    (:meth:`_get_printed_texts`) are stored as text, and the signed paper prints that text.

    A drawing is taken only for what its page showed, and sealed only while that is so: the page may be open since
    before somebody changed the document.

    The signature is intact while the hash fits and the fields are as they were signed. Who was renamed or merged with
    a duplicate is still the same; another customer, technician or product is not, and the form says so.

    The inheriting model is a letter, too (``aftersales.letter.mixin``).
    """

    _name = "aftersales.signature.mixin"
    _description = "Document Signed by the Customer"

    # names of the fields that the signatory sees
    _signed_fields = ()
    # those of them that the signatory fills in
    _answer_fields = frozenset()
    # printed texts that are the names of a signed field, for signatures of before the texts were stored
    _printed_fields = {}

    signed_by_id = fields.Many2one(
        comodel_name="res.partner",
        string="Signed By",
        copy=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    signed_by_name = fields.Char(
        string="Signatory",
        compute="_compute_signed_by_name",
        store=True,
        readonly=False,
        copy=False,
    )
    # In the table, not as an attachment, which users who may write the document's attachments could exchange.
    customer_signature = fields.Binary(string="Customer's Signature", attachment=False, copy=False)
    signed_on = fields.Datetime(string="Signed At", readonly=True, copy=False)
    signed_content = fields.Text(readonly=True, copy=False, groups=READERS)
    signature_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 over what the customer saw and drew."
    )
    shown_version = fields.Char(
        compute="_compute_shown_version",
        groups=READERS,
        help="Fingerprint of what the signatory reads, as the form has loaded it; the form sends it along when it is"
        " saved.",
    )
    drawn_version = fields.Char(
        readonly=True,
        copy=False,
        groups=READERS,
        help="Fingerprint of what the signatory read when the signature was drawn.",
    )
    signature_valid = fields.Boolean(compute="_compute_signature_valid", groups=READERS)

    @api.depends("signed_by_id")
    def _compute_signed_by_name(self):
        for document in self:
            document.signed_by_name = document.signed_by_id.name or document.signed_by_name

    @api.depends(lambda self: ("signature_hash", *self._signed_fields))
    def _compute_signature_valid(self):
        for document in self:
            document.signature_valid = (
                bool(document.signature_hash) and document._is_signature_intact()
            )

    # === What was shown === #

    def write(self, vals):
        """Take a drawing only for what its page showed, and keep what that was.

        :raises UserError: when somebody has changed the document since the page was opened
        """
        shown = None
        if "shown_version" in vals:
            vals = dict(vals)
            shown = vals.pop("shown_version")
        drawn = bool(vals.get("customer_signature"))
        if drawn and shown:
            self._check_still_shown(shown)
        result = super().write(vals)
        if "customer_signature" in vals and "drawn_version" not in vals:
            for document in self:
                version = document._get_shown_version() if drawn else False
                document._write_unlocked({"drawn_version": version})
        return result

    def _check_still_shown(self, shown):
        """:raises UserError: when the form has loaded something else than is there now"""
        for document in self:
            if shown != document._get_shown_version():
                raise UserError(
                    self.env._(
                        "%s was changed after this page had been opened. Nothing is saved: reload the page, and let the"
                        " customer read it again and sign.",
                        document.display_name,
                    )
                )

    def _check_still_drawn(self):
        """Refuse to seal what was not read; called when the signatory has signed, before anything follows from it.

        :raises UserError: when the document was changed after the signature had been drawn
        """
        # sudo: a fingerprint, which only readers of the service department may read
        for document in self.sudo():
            drawn = document.drawn_version
            if drawn and drawn != document._get_shown_version():
                raise UserError(
                    self.env._(
                        "%s was changed after the customer had drawn the signature. Delete the drawing, and let the"
                        " customer read it again and sign.",
                        document.display_name,
                    )
                )

    def _get_shown_version(self):
        """:return: fingerprint of what the signatory reads now, without the own answers: SHA-256, hexadecimal"""
        self.ensure_one()
        content = self._get_signed_content()
        for name in content.keys() & self._fields.keys():
            if self._fields[name].relational:
                # names are translated, and may be corrected
                content[name] = [number for number, _name in content[name]]
        shown = {name: value for name, value in content.items() if name not in self._answer_fields}
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    # not of the signed fields: a form being filled in keeps the version it has loaded
    @api.depends("write_date")
    def _compute_shown_version(self):
        for document in self:
            document.shown_version = bool(document.id) and document._get_shown_version()

    # === Contents === #

    @api.model
    def _check_signature(self, vals):
        """Refuse signatures that are no pictures.

        :param dict vals: values about to be stored
        :raises ValidationError: for a file of another type or above the maximum size
        """
        if not vals.get("customer_signature"):
            return
        try:
            drawing = SentFile.from_base64(vals["customer_signature"], strict=True)
        except ValueError:
            drawing = SentFile(b"")
        if len(drawing.raw) > MAX_SIGNATURE_BYTES or drawing.content_type not in SIGNATURE_TYPES:
            raise ValidationError(
                self.env._("The signature is a drawn picture (PNG or JPEG) of at most 2 MB.")
            )

    def _get_signed_content(self):
        """Contents of the fields that the signatory sees; linked records with their present names.

        :return: values by name of the field, to be stored as JSON
        :rtype: dict
        """
        self.ensure_one()
        # sudo: names of technicians and software, which the user may not be able to read
        document = self.sudo()
        return {name: document._get_signed_value(name) for name in self._signed_fields}

    def _get_signed_value(self, name):
        """:return: the content of a field as it is stored in the signed contents: linked records as id and name"""
        field, value = self._fields[name], self[name]
        if field.relational:
            return [[record.id, record.display_name] for record in value.sorted("id")]
        if field.type == "datetime":
            return fields.Datetime.to_string(value) or False
        if field.type == "date":
            return fields.Date.to_string(value) or False
        return value or False

    def _get_printed_texts(self):
        """Names and addresses on the paper as they are now, in the language of the paper; a model adds its own.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        return self.company_id._get_letterhead()

    def _get_paper_texts(self):
        """Names and addresses for the paper: as they were signed, else as they are now.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        texts = self._get_printed_texts()
        if not self.signature_hash:
            return texts
        signed = json.loads(self.signed_content or "{}")
        for text, name in self._printed_fields.items():
            if signed.get(name):
                texts[text] = ", ".join(row[1] for row in signed[name])
        return {**texts, **signed.get(PRINTED, {})}

    @api.model
    def _hash_signature(self, content, image):
        """:return: SHA-256 over the text that was signed and the drawing, hexadecimal"""
        digest = hashlib.sha256(content.encode())
        digest.update(b"\0")
        digest.update(image or b"")
        return digest.hexdigest()

    def _is_signature_intact(self):
        """:return: whether the stored contents, the drawing and the fields are as they were at signing"""
        # sudo: only whether they are the same is told, also to users who may not read all of them
        document = self.sudo().with_context(bin_size=False)
        if document.signature_hash != self._hash_signature(
            document.signed_content or "", document.customer_signature
        ):
            return False

        signed = json.loads(document.signed_content or "{}")
        return bool(signed) and all(
            document._is_as_signed(name, value) for name, value in signed.items() if name != PRINTED
        )

    def _is_as_signed(self, name, signed):
        """Whether a field has the content that was signed.

        :param str name: name of the field; one that the model no longer has is not compared
        :param signed: its signed content, see :meth:`_get_signed_value`
        :rtype: bool
        """
        field = self._fields.get(name)
        if not field:
            return True
        present = self._get_signed_value(name)
        if not field.relational:
            return signed == present
        # Compare linked records by id: their names may have changed since.
        before, now = dict(signed), dict(present)
        if before.keys() == now.keys():
            return True
        if field.comodel_name != "res.partner":
            return False
        successors = self.env["aftersales.partner.successor"]._get_successors(
            before.keys() - now.keys(), self.signed_on
        )
        gone = before.keys() - now.keys() - successors.keys()
        if self.env["res.partner"].browse(gone).exists():
            return False
        # A contact that documents name is deleted by no other way than a merge; merges were not noted down always.
        by_name = {text: number for number, text in now.items()}
        successors.update((number, by_name.get(before[number])) for number in gone)
        return {successors.get(number, number) for number in before} == now.keys()

    def _seal(self):
        """Store the signed contents and the hash over them; called when the signatory has signed."""
        for document in self.with_context(bin_size=False):
            signed = document._get_signed_content()
            signed[PRINTED] = document._for_paper()._get_printed_texts()
            content = json.dumps(signed, ensure_ascii=False, sort_keys=True)
            document._write_unlocked(
                {
                    "signed_content": content,
                    "signature_hash": self._hash_signature(content, document.customer_signature),
                }
            )
            document._message_log(
                body=self.env._(
                    "Signed by %(name)s. SHA-256: %(hash)s",
                    name=document.signed_by_name,
                    hash=document.signature_hash,
                )
            )

    def _get_unsealed_vals(self):
        """:return: values of a document whose signature is void"""
        return {
            "customer_signature": False,
            "drawn_version": False,
            "signed_on": False,
            "signed_content": False,
            "signature_hash": False,
        }

    def _describe_void(self):
        """:return: the question before a signature becomes void, in the language of the reader"""
        return self.env._("The customer's signature becomes void and is asked for again. Reopen?")

    def _log_void(self, name, digest):
        """Log in the chatter that a signature is void.

        :param str name: name of the signatory
        :param str digest: hash over the contents that were signed
        """
        self._message_log(
            body=self.env._(
                "Reopened: the signature of %(name)s is void. SHA-256: %(hash)s",
                name=name,
                hash=digest,
            )
        )
