from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...activities import ORIGINAL_ACTIVITY
from ...groups import READERS
from .values import ORIGINAL_STATES

RECEIPT_FIELDS = frozenset({"original_holder_id", "original_received_on"})
# states of an entry whose paper is not with us; when it comes after all, it is recorded anew
GONE = ("withdrawn", "returned")
VOID_STATES = ("refused", "cancelled")


class AftersalesOriginalMixin(models.AbstractModel):
    """A customer's request on stamped paper, whose original or fax goes to the archive (五.7.4, 五.7.5, 七.3).

    The archive's entry opens on the day on which staff record that the paper is in our hands, with the colleague who
    has it, whatever becomes of the request. A scan opens none: until the paper comes, it is expected from the customer
    and held by nobody.

    The inheriting model is a document with steps and a customer.
    """

    _name = "aftersales.original.mixin"
    _description = "Customer's Request on Paper"
    _inherit = ["aftersales.archive.mixin", "aftersales.steps.mixin"]

    original_holder_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Original Received By",
        copy=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The colleague who got the stamped paper or the fax. The archive keeps who has it since then.",
    )
    original_received_on = fields.Date(
        copy=False,
        help="The day on which the stamped paper or the fax came into our hands (五.7.4, 五.7.5).",
    )
    original_state = fields.Selection(
        selection=ORIGINAL_STATES,
        string="Original",
        compute="_compute_original_state",
        search="_search_original_state",
        groups=READERS,
        help="Where the stamped paper is.",
    )

    # === Where it is === #

    @api.model
    def _get_paper_kinds(self):
        """:return: kinds of paper of the customer's requests of this model, see ``ARCHIVE_KINDS``
        :rtype: tuple[str]
        """
        raise NotImplementedError

    def _get_paper_kind(self):
        """:return: kind of paper of this request
        :rtype: str
        """
        self.ensure_one()
        return self._get_paper_kinds()[0]

    @api.model
    def _get_owed_domain(self):
        """:return: requests for which the customer owes a stamped original
        :rtype: Domain
        """
        return Domain("state", "not in", ("draft", *VOID_STATES))

    @api.model
    def _get_opened_domain(self):
        """:return: entries of the archive that stand for a paper that came into our hands
        :rtype: Domain
        """
        return Domain("state", "!=", "withdrawn") & Domain("kind", "in", self._get_paper_kinds())

    @api.depends(lambda self: ("archive_entry_ids.state", *self._get_owed_fields()))
    def _compute_original_state(self):
        owed = self.filtered_domain(self._get_owed_domain())
        opened = self._get_opened_domain()
        for document in self:
            entry = document.archive_entry_ids.filtered_domain(opened)[:1]
            document.original_state = entry.state or (document in owed and "customer")

    @api.model
    def _get_owed_fields(self):
        """:return: names of the fields that :meth:`_get_owed_domain` asks for"""
        return ["state"]

    def _search_original_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        opened, owed = self._get_opened_domain(), self._get_owed_domain()
        states = [state for state in value if state]
        found = Domain("archive_entry_ids", "any", opened & Domain("state", "in", states))
        nothing = Domain("archive_entry_ids", "not any", opened)
        if "customer" in states:
            found |= nothing & owed
        if len(states) < len(value):
            found |= nothing & ~owed
        return found

    # === Receipt === #

    @api.onchange("original_holder_id")
    def _onchange_original_holder_id(self):
        if self.original_holder_id and not self.original_received_on:
            self.original_received_on = self.company_id._aftersales_today()

    @api.constrains("original_holder_id", "original_received_on", "company_id")
    def _check_receipt(self):
        for document in self:
            # sudo: only companies and kind of the user are compared
            holder, day = document.sudo().original_holder_id, document.original_received_on
            if day and not holder:
                raise ValidationError(self.env._("Say who got the original."))
            if day and day > document.company_id._aftersales_today():
                raise ValidationError(
                    self.env._("The original cannot have come after today. Enter the day it came.")
                )
            if holder and (holder.share or document.company_id not in holder.company_ids):
                raise ValidationError(
                    self.env._("Choose a colleague of %s.", document.company_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._open_originals()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if not RECEIPT_FIELDS.isdisjoint(vals):
            self._open_originals()
        if "partner_id" in vals:
            self._move_originals()
        return result

    def _get_frozen_fields(self):
        frozen = super()._get_frozen_fields()
        # recorded once: what happens to the paper afterwards is recorded in the archive
        return frozen | RECEIPT_FIELDS if self.original_received_on else frozen

    def _describe_frozen(self, names):
        if names <= RECEIPT_FIELDS:
            return self.env._(
                "The original of %s is recorded already. Hand it over in the archive; the archive withdraws a receipt"
                " recorded by mistake.",
                self.display_name,
            )
        return super()._describe_frozen(names)

    def _open_originals(self):
        """Open the archive's entry of each request whose paper is in our hands, since today unless a day is given."""
        for document in self:
            # sudo: the colleague may be unreadable for the acting user
            holder = document.sudo().original_holder_id
            kinds = document._get_paper_kinds()
            known = document.sudo().archive_entry_ids.filtered(
                lambda entry, kinds=kinds: entry.state not in GONE and entry.kind in kinds
            )
            if known or not holder:
                continue
            if not document.original_received_on:
                # also where the holder came by a default of the caller; this calls the method again
                today = document.company_id._aftersales_today()
                document._write_unlocked({"original_received_on": today})
                continue
            day = document._get_hand_in_day()
            entry = document._expect_archive_entry(
                document._get_paper_kind(),
                date_deadline=day,
                holder=holder,
                dated=bool(day),
                came_on=document.original_received_on,
            )
            if holder != self.env.user:
                # who is said to have a paper hears of it, and can object
                entry._notify_users(
                    holder,
                    ORIGINAL_ACTIVITY,
                    lambda entry: entry.env._(
                        "%(user)s has recorded that you got the original of %(document)s. Hand it in, or say at once"
                        " that you do not have it.",
                        user=entry.env.user.name,
                        document=entry.document_name,
                    ),
                    deadline=entry.date_deadline,
                )

    def _move_originals(self):
        """Let the originals follow a request whose customer was corrected."""
        for document in self:
            # sudo: the entry belongs to the document, which the user has written
            entries = document.sudo().archive_entry_ids
            entries._write_unlocked({"partner_id": document.commercial_partner_id.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_original(self):
        for document in self:
            if document.original_received_on:
                raise UserError(
                    self.env._(
                        "The original of %s is in our hands: cancel it instead of deleting it.",
                        document.display_name,
                    )
                )

    # === Hand-in === #

    def _get_hand_in_start(self):
        """The day from which the time for handing the original in counts.

        :return: the day, False when it has not begun yet
        :rtype: datetime.date | bool
        """
        self.ensure_one()
        return self.original_received_on

    def _get_hand_in_day(self):
        """:return: last day on which the original is handed in in time, not in the past; False when none is set yet
        :rtype: datetime.date | bool
        """
        start = self._get_hand_in_start()
        if not start:
            return False
        company = self.company_id
        register = self.env["aftersales.archive.register"]._get(company, self._get_paper_kind())
        return max(register._get_deadline(start), company._aftersales_today())

    def _enter(self, state, **vals):
        result = super()._enter(state, **vals)
        for document in self.filtered("original_received_on"):
            # sudo: the entry belongs to the document, whose step was checked
            entries = document.sudo().archive_entry_ids.filtered(
                lambda entry: entry.state == "expected" and not entry.date_deadline
            )
            day = entries and document._get_hand_in_day()
            if day:
                entries._write_unlocked({"date_deadline": day})
        return result

    # === From the archive === #

    def _allows_return(self):
        return self.state in VOID_STATES

    def _after_archive_change(self, entry):
        """Forget the receipt of a paper that the archive has withdrawn or given back; a new one is recorded anew."""
        super()._after_archive_change(entry)
        if entry.kind not in self._get_paper_kinds():
            return
        if entry.state in GONE:
            self._write_unlocked(dict.fromkeys(RECEIPT_FIELDS, False))
        elif entry.came_on and not self.original_received_on:
            self._write_unlocked(
                {
                    "original_holder_id": entry.holder_id.id,
                    "original_received_on": entry.came_on,
                }
            )
