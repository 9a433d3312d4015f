from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date

from ...groups import CALLERS, MANAGERS


class AftersalesCallback(models.Model):
    """Documents open calls, which are made by colleagues who did not do the work (五.5.1, 四 回访专员.3)."""

    _inherit = "aftersales.callback"

    due_date_first = fields.Date(
        string="First Due On",
        compute="_compute_due_date_first",
        store=True,
        precompute=True,
        index=True,
        help="The day on which the call was due when it was opened. Reports count by it, wherever the call was moved"
        " to.",
    )
    is_moved = fields.Boolean(
        string="Day Moved",
        readonly=True,
        copy=False,
        help="The day was moved once without a reason; from now on a delay is announced.",
    )
    overdue_since = fields.Date(
        readonly=True,
        copy=False,
        help="The day that had passed without a call when the delay was announced (三.8).",
    )

    # === Who calls === #

    def _get_document(self):
        """Document the customer is called about.

        :return: a record of any model; False when there is none
        """
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return False
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_workers(self):
        """Colleagues who did the work; they do not call, for the customer is asked about them (五.5.1).

        For a second call they include those who answered the question.

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: reads the workers of a document that the caller may not read
        callback = self.sudo()
        workers = self.env["res.users"].sudo()
        document = callback._get_document()
        if document and hasattr(document, "_get_callback_workers"):
            workers |= document._get_callback_workers().sudo()
        return workers.sudo(False)

    def _get_excluded(self):
        """Colleagues who may not call: those who have worked on the document by now, or when the call was opened.

        :rtype: res.users
        """
        self.ensure_one()
        # a colleague who handed the document on afterwards did the work all the same
        return self._get_workers() | self.worker_ids

    @api.constrains("user_id", "worker_ids")
    def _check_caller(self):
        """五.5.1, 四 回访专员.3: the caller is no colleague who did the work, also when a manager assigns the call."""
        for callback in self:
            if callback.state == "todo" and callback.user_id & callback._get_excluded():
                raise ValidationError(
                    self.env._(
                        "%(user)s worked on what the customer of %(call)s is asked about: somebody else calls.",
                        user=callback.user_id.name,
                        call=callback.display_name,
                    )
                )

    @api.model
    def _get_default_caller(self, company, workers):
        """A caller who did not do the work: a call-back specialist, else a manager.

        :param company: res.company
        :param workers: res.users who did the work
        :return: one user, empty when all of them did the work
        :rtype: res.users
        """
        groups = (
            company._aftersales_callback_user(),
            company._aftersales_users(CALLERS),
            company._aftersales_managers(),
            company._aftersales_users(MANAGERS),
        )
        for users in groups:
            if users - workers:
                return (users - workers)[:1]
        return self.env["res.users"]

    @api.model
    def _sync_workers(self, documents):
        """Move open calls away from colleagues who work on their documents now.

        :param documents: records of one model
        """
        # sudo: the user who hands the work on may not write calls
        calls = self.sudo().search(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("state", "=", "todo"),
            ]
        )
        for callback in calls:
            workers = callback._get_workers()
            vals = {"worker_ids": [fields.Command.set(workers.ids)]}
            if callback.user_id in workers:
                vals["user_id"] = self._get_default_caller(callback.company_id, workers).id
            callback._write_unlocked(vals)

    def _hand_over_activities(self):
        """Move the reminder of a late call to the new caller."""
        for callback in self:
            if callback.user_id:
                # sudo: the activity belongs to the former caller
                callback.sudo().activity_reschedule(
                    [row.activity for row in self._get_deadlines(callback.company_id)][:1],
                    new_user_id=callback.user_id.id,
                )

    # === When === #

    @api.model
    def _get_due_day(self, company, after=None):
        """The day on which a call is to be made: the next working day (五.5.1, 五.5.2).

        :param company: res.company
        :param datetime.date after: day of the work the customer is asked about; today by default
        :rtype: datetime.date
        """
        return company._aftersales_next_working_day(after or company._aftersales_today())

    @api.depends()
    def _compute_due_date_first(self):
        # no dependency: the first day is a fact, wherever the call is moved to
        for callback in self:
            callback.due_date_first = callback.due_date

    def _check_day(self, vals):
        """A planner moves the day of a call once, before it has come; every other move is a delay with a reason (三.8).

        :param dict vals: values about to be written
        :return: calls whose day is moved freely now
        :rtype: aftersales.callback
        :raises UserError: telling to announce a delay
        """
        if "due_date" not in vals or "due_date" in self._get_unlocked_fields():
            return self.browse()
        freely, bound = self._find_bound_days(vals, "due_date", "call", "is_moved")
        if bound:
            raise UserError(
                self.env._(
                    "%s: the day of a call is changed once, before it has come. Announce a delay, with its reason.",
                    bound[0].display_name,
                )
            )
        return freely

    def _apply_delay(self, delay, deadline):
        """Keep a call marked as overdue whose delay was announced after its day."""
        result = super()._apply_delay(delay, deadline)
        if deadline.kind == "call" and not delay.in_time:
            for callback in self:
                since = callback.overdue_since or delay.date_old
                callback._write_unlocked({"overdue_since": since})
        return result

    def _get_count_begin(self):
        """The day from which the working day of a call is counted; a day that a planner chose is not counted.

        :rtype: datetime.date | bool
        """
        self.ensure_one()
        opened = self.res_id or self.notice_id or self.parent_id or self.cycle_date
        agreed = self.is_moved or self.renewal_round > 1
        if agreed or not (opened or self.attempt_count):
            return False
        # the next working day: only a holiday on the very day moves it
        return Date.subtract(self.due_date, days=1)

    def _write_counted(self, deadline, day):
        # the first day was counted with the holiday missing
        first = deadline.kind == "call" and self.due_date_first == self.due_date
        moved = super()._write_counted(deadline, day)
        if moved and first:
            self._write_unlocked({"due_date_first": day})
        return moved

    def _reopen(self, day):
        """Take up cancelled calls again, as calls that are owed from now on.

        :param datetime.date day: when they are to be made
        """
        self._write_unlocked(
            {
                "state": "todo",
                "due_date": day,
                "due_date_first": day,
                "is_moved": False,
                "overdue_since": False,
                "cancel_reason": False,
                "cancelled_by_id": False,
                "cancelled_on": False,
            }
        )

    # === Opening === #

    @api.model
    def _open_for(self, document, kind, due_date=None, again=False):
        """Open the call about a document, once for each document and kind (五.5.1).

        Company, customer, contact, software and service record are those of the document.

        :param document: a record with ``company_id`` and ``partner_id``
        :param str kind: visit, change or complaint
        :param datetime.date due_date: when; the next working day of the company by default
        :param bool again: whether the customer is called once more when no earlier call is still to be made
        :return: the call, a new one or the one there is
        :rtype: aftersales.callback
        :raises ConcurrencyError: when another transaction opens it at the same time; Odoo retries the request
        """
        document.ensure_one()
        # sudo: finishing the work opens the call, also for users who may not plan calls
        calls = self.sudo().with_company(document.company_id)
        vals = calls._prepare_document_vals(document.sudo(), kind, due_date)
        if again:
            vals["round"] = calls._get_next_round(document, kind, done_only=True)
        key = {name: vals[name] for name in ("res_model", "res_id", "kind", "round")}
        call = calls.with_context(tracking_disable=True)._create_once(key, vals)
        return call.with_env(self.env)

    def _prepare_document_vals(self, document, kind, due_date=None):
        """Values of the call about a document.

        :param document: as superuser
        :param str kind: kind of the call
        :param datetime.date due_date: when; the next working day of the company by default
        :rtype: dict
        """
        company, customer = document.company_id, document.commercial_partner_id
        workers = self.env["res.users"]
        if hasattr(document, "_get_callback_workers"):
            workers = document._get_callback_workers()

        def linked(name):
            return document[name].id if name in document._fields else False

        ticket = document.id if document._name == "helpdesk.ticket" else linked("ticket_id")
        return {
            "kind": kind,
            "res_model": document._name,
            "res_id": document.id,
            "round": 1,
            "company_id": company.id,
            "partner_id": customer.id,
            "contact_id": linked("contact_id") or customer.software_contact_id.id,
            "installation_id": linked("installation_id"),
            "about_ticket_id": ticket,
            "worker_ids": [fields.Command.set(workers.ids)],
            "user_id": self._get_default_caller(company, workers).id,
            "due_date": due_date or self._get_due_day(company),
        }

    @api.model
    def _get_next_round(self, document, kind, done_only=False):
        """Number of the next call about a document.

        :param document: document the customer is called about
        :param str kind: kind of the call
        :param bool done_only: count made calls only: a call still to be made keeps its number
        :rtype: int
        """
        last = self.search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("kind", "=", kind),
            ],
            order="round desc",
            limit=1,
        )
        if done_only and last.state == "todo":
            return last.round
        return last.round + 1
