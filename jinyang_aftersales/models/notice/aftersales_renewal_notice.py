from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...activities import PRINT_ACTIVITY, TROUBLE_ACTIVITY
from ..shared.document_fields import contact_field
from .values import ANSWERS, CHANNELS, DELIVERIES, NOTICE_STATES


class AftersalesRenewalNotice(models.Model):
    """The announcement that a service period ends (五.2.2, 五.5.2, 四 回访专员.4).

    One row per company, customer, agreement (or none) and end of term, also after a crash and when the job runs
    twice at once: a unique index lets only one transaction make it. Which notices are due is in ``due.py``, how
    they follow later changes in ``changes.py``, how they reach the customer in ``sending.py``, what follows from
    the answer in ``answers.py``.

    ====================  =========================================================================
    Who                   May
    ====================  =========================================================================
    call-back, manager    read; choose recipient and caller; send now; record fax or post with its proof
    specialist, others    read
    nobody                create, delete, or write a state
    ====================  =========================================================================
    """

    _name = "aftersales.renewal.notice"
    _description = "Renewal Notice"
    _inherit = [
        "aftersales.guard.mixin",
        "aftersales.search.mixin",
        "aftersales.owner.mixin",
        "aftersales.dispatch.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "aftersales.job.mixin",
    ]
    _order = "term_end desc, id desc"
    _search_text = ("name",)
    _search_links = ("partner_id", "commercial_partner_id", "contact_id", "installation_ids")
    _check_company_auto = True
    _dispatch_reports = ("jinyang_aftersales.report_renewal_letter_action",)
    _allow_sudo_commands = False

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, index=True, readonly=True
    )
    contact_id = contact_field(string="Recipient", tracking=True)
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    installation_ids = fields.Many2many(
        comodel_name="aftersales.installation", string="Installations", readonly=True
    )
    product_line_id = fields.Many2one(
        comodel_name="aftersales.product.line", string="Product Line", readonly=True
    )
    term_end = fields.Date(
        string="End of Service", required=True, readonly=True, tracking=True, index=True
    )
    notice_date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Call-back Specialist",
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    state = fields.Selection(
        selection=NOTICE_STATES,
        default="pending",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    channel = fields.Selection(
        selection=CHANNELS,
        readonly=True,
        tracking=True,
    )
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Sent By", readonly=True
    )
    sent_to = fields.Char(readonly=True, help="The e-mail addresses used.")
    proof = fields.Char(
        readonly=True,
        help="Fax report, waybill number or whatever shows that the letter went out.",
        tracking=True,
    )
    told_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which the customer knew: mail accepted by the server, fax or post with proof, or a call.",
    )
    told_by = fields.Selection(selection=[*CHANNELS, ("call", "Call")], readonly=True, copy=False)
    told_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when this end of service is announced: what was said before told of another one.",
    )
    told_in_time = fields.Boolean(
        compute="_compute_told_in_time",
        store=True,
        help="The customer knew on the notice day or before (五.2.2).",
    )
    letter_id = fields.Many2one(
        comodel_name="ir.attachment", string="Letter", readonly=True, copy=False
    )
    mail_id = fields.Many2one(
        comodel_name="mail.mail",
        readonly=True,
        ondelete="set null",
        copy=False,
        index="btree_not_null",
    )
    delivery = fields.Selection(
        selection=[("queued", "Queued"), ("delivered", "Delivered"), ("failed", "Failed")],
        compute="_compute_delivery",
        compute_sudo=True,
        search="_search_delivery",
        help="Delivered: accepted by the mail server.",
    )
    superseded_by_id = fields.Many2one(comodel_name="aftersales.renewal.notice", readonly=True)
    is_merged = fields.Boolean(
        string="Merged",
        readonly=True,
        help="Another notice of the same day counts since two customers were merged.",
    )
    callback_ids = fields.One2many(comodel_name="aftersales.callback", inverse_name="notice_id")
    callback_count = fields.Integer(compute="_compute_callback_count")
    answer = fields.Selection(
        selection=ANSWERS,
        compute="_compute_answer",
        store=True,
        help="What the customer said last, in a call or in writing.",
    )
    fail_count = fields.Integer(string="Failed Attempts", readonly=True)
    next_try = fields.Datetime(readonly=True)
    error = fields.Text(readonly=True)
    lang = fields.Char(string="Language", compute="_compute_lang", compute_sudo=True)
    letter_title = fields.Char(compute="_compute_letter", compute_sudo=True)
    letter_date = fields.Char(compute="_compute_letter", compute_sudo=True)
    term_end_text = fields.Char(compute="_compute_letter", compute_sudo=True)

    _one_per_term = models.UniqueIndex(
        "(company_id, partner_id, COALESCE(contract_id, 0), term_end) WHERE is_merged IS NOT TRUE",
        "This customer already has a notice for that end of service.",
    )
    _due_idx = models.Index("(company_id, term_end) WHERE state IN ('pending', 'print', 'sent')")

    # === Compute === #

    @api.depends("mail_id.state")
    def _compute_delivery(self):
        by_state = {state: key for key, states in DELIVERIES.items() for state in states}
        for notice in self:
            notice.delivery = by_state.get(notice.mail_id.state, False)

    def _search_delivery(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for key in value for state in DELIVERIES.get(key, ())]
        # sudo: only administrators read outgoing mail; its state is used to find notices, nothing else of it
        mails = self.env["mail.mail"].sudo()._search([("state", "in", states)])
        domain = Domain("mail_id", "in", mails)
        return domain | Domain("mail_id", "=", False) if False in value else domain

    @api.depends("told_on", "notice_date")
    def _compute_told_in_time(self):
        for notice in self:
            notice.told_in_time = bool(notice.told_on) and notice.told_on <= notice.notice_date

    @api.depends("callback_ids")
    def _compute_callback_count(self):
        for notice in self:
            notice.callback_count = len(notice.callback_ids)

    @api.depends("callback_ids.answer", "callback_ids.called_on", "written_answer", "written_on")
    def _compute_answer(self):
        for notice in self:
            call = notice.callback_ids.filtered("answer").sorted("called_on")[-1:]
            written = notice.written_on and (
                not call.called_on or call.called_on < notice.written_on
            )
            notice.answer = notice.written_answer if written else call.answer

    @api.depends("contact_id.lang", "partner_id.lang", "company_id.partner_id.lang")
    def _compute_lang(self):
        for notice in self:
            notice.lang = notice.company_id._aftersales_lang(notice.contact_id, notice.partner_id)

    @api.depends("product_line_id.brand", "term_end", "sent_on", "state")
    @api.depends_context("lang")
    def _compute_letter(self):
        langs = self.env["res.lang"]
        for notice in self:
            lang = langs._get_code(self.env.context.get("lang") or "") or notice.lang
            line = notice.product_line_id.with_context(lang=lang)
            notice.letter_title = (
                line.letter_title if line else self.env._("Notice of Expiry of After-Sales Service")
            )
            day = notice._letter_day()
            for name, date in (("letter_date", day), ("term_end_text", notice.term_end)):
                # in the long form of the reader's language: 2026年12月31日
                text = format_date(notice.env, date, lang_code=lang, date_format="long")
                notice[name] = text

    def _letter_day(self):
        """:return: the company's day on which the letter went out, or goes out now"""
        self.ensure_one()
        if self.state != "sent" or not self.sent_on:
            return self.company_id._aftersales_today()
        zone = self.company_id._aftersales_zone()
        return zone.fromutc(self.sent_on).date()

    # === Constraints and CRUD === #

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        """The letter names the customer's software, so only contacts of the customer may receive it."""
        for notice in self.sudo():
            contact = notice.contact_id
            if contact and contact.commercial_partner_id != notice.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s and cannot receive its letter.",
                        contact=contact.display_name,
                        customer=notice.partner_id.display_name,
                    )
                )

    @api.model
    def _get_open_work_domain(self, role):
        return Domain("state", "in", ("pending", "print", "sent"))

    @api.model_create_multi
    def create(self, vals_list):
        rows = len(vals_list)
        self._check_new_vals(vals_list, self._get_unlocked_fields(rows))
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self._next_number(vals["company_id"])
        numbered = self._unlocked(["name"], rows)
        return super(AftersalesRenewalNotice, numbered).create(vals_list)

    @api.model
    def _next_number(self, company_id):
        """Number of the letter, from the company's own sequence or the shared one.

        :raises UserError: when there is no sequence
        """
        company = self.env["res.company"].browse(company_id)
        number = self.env["ir.sequence"]._aftersales_next(self._name, company)
        if not number:
            raise UserError(self.env._("There is no number sequence for renewal notices."))
        return number

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"callback_ids", "dispatch_ids"}

    def _refuse_fields(self, names):
        """See the base method; letters, states and figures are written by the job and by buttons."""
        raise UserError(
            self.env._(
                "These fields of a renewal notice cannot be set by hand: %s", self._labels(names)
            )
        )

    # === News === #

    def _is_over(self):
        # an answer to a letter is read by nobody by themselves, whatever became of the notice
        return self.state not in ("pending", "print")

    def _get_news_users(self):
        specialist = self.commercial_partner_id.service_user_id.filtered("active")
        return specialist or self.company_id._aftersales_callback_user()

    # === Actions === #

    def action_send_now(self):
        """Queue the letters by e-mail without waiting for the hourly job.

        Notices to be printed are mailed, too, when the customer has an address by now.

        :raises UserError: when a notice is not waiting, its service has ended, or there is no usable address
        """
        self.check_access("write")
        for notice in self:
            if notice.state not in ("pending", "print"):
                raise UserError(self.env._("%s is not waiting to be sent.", notice.name))
            if notice.term_end < notice.company_id._aftersales_today():
                raise UserError(
                    self.env._("The service announced by %s has already ended.", notice.name)
                )
            # sudo: rights were checked above; reads addresses of the customer
            if not notice.sudo()._recipients() or not notice.sudo().partner_id.active:
                raise UserError(
                    self.env._(
                        "%s has no usable e-mail address. Print the letter and record the fax or "
                        "the post.",
                        notice.partner_id.display_name,
                    )
                )
        for company, notices in self.grouped("company_id").items():
            # sudo: rights were checked above; users may not write mails
            notices.sudo().with_company(company)._queue_mails(
                company.sudo()._aftersales_mail_time()
            )

    def action_print(self):
        """Print the letters; their dispatch is recorded with :meth:`action_open_dispatch`."""
        self.check_access("read")
        return self.env.ref("jinyang_aftersales.report_renewal_letter_action").report_action(
            self, config=False
        )

    def action_paper(self):
        """Send the letter on paper after all: the mail failed, or the customer asked for it.

        :raises UserError: when the notice is neither pending nor sent by mail
        """
        self.check_access("write")
        for notice in self:
            if notice.state != "pending" and (notice.state != "sent" or notice.channel != "mail"):
                raise UserError(self.env._("%s is not on its way by mail.", notice.name))
        # sudo: rights were checked above; users may not write mails
        self.sudo()._to_print()

    def _get_dispatch_obstacle(self):
        if self.state == "superseded":
            return self.env._("%s was replaced.", self.name)
        return super()._get_dispatch_obstacle()

    def _note_dispatch(self, checked):
        """See the base method; also for notices that were mailed before: the mail is not tried again."""
        # sudo: the rights were checked by the caller; users may not write mails
        notices = self.sudo()
        notices._cancel_mails()
        for notice in notices:
            sent = checked[notice.id]
            notice._write_unlocked(
                {
                    "state": "sent",
                    **{name: sent[name] for name in ("channel", "proof", "sent_on", "sent_to")},
                    "sent_by_id": self.env.uid,
                    "error": False,
                    "fail_count": 0,
                    "next_try": False,
                }
            )
        return super()._note_dispatch(checked)

    def _print_dispatched(self, report):
        # sudo: as for _note_dispatch
        letters = self.sudo()._letters()
        return {
            notice.id: (letters[notice.id], notice._get_letter_name()) for notice in self.sudo()
        }

    def _after_dispatch(self, checked):
        """See the base method; the customer was told on the day on which the letter left (五.2.2)."""
        # sudo: as for _note_dispatch
        for notice in self.sudo():
            sent = checked[notice.id]
            notice._note_told(sent["channel"], notice.company_id._aftersales_day(sent["sent_on"]))
        self.sudo().activity_feedback([PRINT_ACTIVITY, TROUBLE_ACTIVITY])

    def _note_told(self, by, day):
        """Store the first day on which the customer knew of the end of service.

        :param str by: how: a channel, or ``call``
        :param datetime.date day: company day
        """
        for notice in self:
            if not notice.told_on or day < notice.told_on:
                notice._write_unlocked({"told_on": day, "told_by": by})

    def _forget_mail(self):
        """A mail came back and has told nobody: what counts is the first fax, letter or call there was besides."""
        for notice in self.filtered(lambda row: row.told_by == "mail"):
            since, company = notice.told_from, notice.company_id
            # sudo: calls and letters, whoever recorded them
            rows = notice.sudo()
            facts = [
                (company._aftersales_day(row.sent_on), row.channel)
                for row in rows.dispatch_ids
                if not since or row.create_date >= since
            ]
            facts += [
                (company._aftersales_day(call.called_on), "call")
                for call in rows.callback_ids
                if call.result == "reached" and (not since or call.called_on >= since)
            ]
            day, by = min(facts, default=(False, False))
            notice._write_unlocked({"told_on": day, "told_by": by})

    def action_view_callbacks(self):
        """Open the call-backs of the notice."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_callback_action", [("notice_id", "=", self.id)], {}
        )
