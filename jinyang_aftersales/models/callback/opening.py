from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...groups import CALLERS, MANAGERS


class AftersalesCallback(models.Model):
    """Documents have their customer called, by somebody who did not do the work (五.5.1, 四 回访专员.3)."""

    _inherit = "aftersales.callback"

    # === Who calls === #

    def _get_document(self):
        """What the customer is asked about.

        :return: a record of its own model; False when there is none
        """
        self.ensure_one()
        if not self.res_id or self.res_model not in self.env:
            return False
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_workers(self):
        """Who did the work the customer is asked about, never a caller (五.5.1: asked about the specialist).

        For a second call this includes who answered the question.

        :rtype: res.users
        """
        self.ensure_one()
        # sudo: who worked on the document, whatever the caller may read of it
        callback = self.sudo()
        workers = self.env["res.users"].sudo()
        document = callback._get_document()
        if document and hasattr(document, "_get_callback_workers"):
            workers |= document._get_callback_workers().sudo()
        return workers.sudo(False)

    def _get_excluded(self):
        """Nobody of these calls: who worked on it by now, or had when the call was opened.

        :rtype: res.users
        """
        self.ensure_one()
        # handing the ticket on afterwards does not undo the work
        return self._get_workers() | self.worker_ids

    @api.constrains("user_id", "worker_ids")
    def _check_caller(self):
        """五.5.1, 四 回访专员.3: nobody is called by who did the work, whoever assigns the call."""
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
        """A call-back specialist who did not do the work, else a manager who did not.

        :param company: res.company
        :param workers: res.users who did the work
        :return: one of them; nobody when all of them worked on it
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
        """Somebody else works on documents: open calls are theirs no more.

        :param documents: records of one model
        """
        # sudo: the calls follow the work, whoever hands it on
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
        """The reminder of a late call goes to the new caller."""
        for callback in self:
            if callback.user_id:
                # sudo: activities of the colleague who called before
                callback.sudo().activity_reschedule(
                    [row.activity for row in self._get_deadlines(callback.company_id)][:1],
                    new_user_id=callback.user_id.id,
                )

    # === When === #

    @api.model
    def _get_due_day(self, company, after=None):
        """The day on which a call is to be made: the next one when somebody works (五.5.1, 五.5.2).

        :param company: res.company
        :param datetime.date after: what the customer is asked about was on that day; today by default
        :rtype: datetime.date
        """
        return company._aftersales_next_working_day(after or company._aftersales_today())

    # === Opening === #

    @api.model
    def _open_for(self, document, kind, due_date=None, again=False):
        """Have the customer called about a document, once for each document and kind (五.5.1).

        Company, customer, contact, software and service record are those of the document.

        :param document: a record with ``company_id`` and ``partner_id``
        :param str kind: visit, change or complaint
        :param datetime.date due_date: when; the next working day of the company by default
        :param bool again: whether the customer is called once more when no earlier call is still to be made
        :return: the call, a new one or the one there is
        :rtype: aftersales.callback
        :raises ConcurrencyError: when another transaction opens it at this instant: the request is run again
        """
        document.ensure_one()
        # sudo: who finishes the work opens the call, without a right to plan calls
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
        """Which call about the document the next one is.

        :param document: what the customer is asked about
        :param str kind: kind of the call
        :param bool done_only: the round of a call that is still to be made is the next one
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
