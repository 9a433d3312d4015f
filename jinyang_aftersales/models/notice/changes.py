from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...activities import PRINT_ACTIVITY, TROUBLE_ACTIVITY
from ...tools.dates import notice_date
from ...tools.text import list_words

WITHHELD_ACTIVITY = "jinyang_aftersales.mail_activity_notice_withheld"
CALL_ACTIVITY = "jinyang_aftersales.mail_activity_end_moved"


# the model has four rooms, see aftersales_renewal_notice.py
class AftersalesRenewalNotice(models.Model):
    """How notices follow changes after they were made.

    ==========================================  ===================================================
    Change                                      Effect on the notice
    ==========================================  ===================================================
    end moved, new notice day to come           superseded; the job makes a new one on that day
    end moved, new notice day has passed        same row with the new end; call-back due again; a
                                                letter that was mailed is not mailed again
    end moved back to where it was              the old row again, pending if it was never sent
    agreement renewed, ended or archived        superseded unless sent; the call is cancelled
    software joins or leaves a group            named in the letter or not; none left: superseded
    customer archived                           withheld, nothing is sent; a task instead
    customers merged                            one notice for all their software that ends that day
    ==========================================  ===================================================
    """

    _inherit = "aftersales.renewal.notice"

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # follow changes first, then make new notices; mails go out last (五.2.2)
            (10, self._reconcile),
            (11, self._create_due),
            (12, self._send_pending),
            (13, self._requeue_failed_mails),
        ]

    @api.model
    def _reconcile(self, companies, today=None):
        """Let notices follow ends of service that moved after they were written.

        :param companies: res.company, each with its own today
        :param datetime.date today: the day to use instead, for one company
        """
        for company in companies:
            # sudo: notices follow the dates, and users who may change those may not write notices
            notices = self.sudo().with_company(company)
            day = today or company._aftersales_today()
            notices._reconcile_customers(company, day)
            notices._reconcile_agreements(company, day)
            notices._reconcile_installations(company, day)

    def _follow_apart(self, follow):
        """Update each notice in a savepoint of its own: an error is kept on the notice and stops no other.

        :param follow: function of one notice
        """
        self.env["aftersales.job"]._each_apart(
            self, follow, lambda notice, error: notice._note_failure(error)
        )

    # === Customers === #

    def _reconcile_customers(self, company, today):
        """Archived customers get no letter; unarchived ones get it while their service lasts."""
        waiting = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("pending", "print", "withheld")),
                ("term_end", ">=", today),
            ]
        )
        archived = waiting.filtered(lambda notice: not notice.partner_id.active)
        archived.filtered(lambda notice: notice.state != "withheld")._withhold()
        (waiting - archived).filtered(lambda notice: notice.state == "withheld")._resume()

    def _withhold(self):
        """Send nothing to archived customers; the specialist gets an activity instead."""
        if not self:
            return
        self._cancel_callbacks()
        self._close_activities()
        self._write_unlocked({"state": "withheld"})
        self._tell_withheld()

    def _tell_withheld(self):
        for (user, company), notices in self.grouped(
            lambda notice: (notice.user_id, notice.company_id)
        ).items():
            notices._notify_users(
                user or company._aftersales_managers(), WITHHELD_ACTIVITY, mail=False
            )

    @api.model
    def _merge_customers(self, customers, target):
        """Join notices of the same day into one: a customer has one for an end of service.

        What was sent, or led to a call, is kept as superseded; notices that nobody has seen yet are deleted.
        """
        result = super()._merge_customers(customers, target)
        groups = self.search(
            [
                ("partner_id", "in", (customers + target).ids),
                ("contract_id", "=", False),
                ("is_merged", "=", False),
            ]
        ).grouped(lambda notice: (notice.company_id, notice.term_end))
        for notices in groups.values():
            # a notice that was sent or answered is kept
            kept = notices.sorted(
                lambda notice: (
                    notice.state == "sent",
                    bool(notice.answer),
                    notice.partner_id == target,
                )
            )[-1:]
            joined = (notices - kept).installation_ids
            kept._write_unlocked({"installation_ids": [Command.link(id_) for id_ in joined.ids]})
            seen = (notices - kept).filtered(
                lambda notice: notice.sent_on or any(notice.callback_ids.mapped("attempt_count"))
            )
            seen._supersede(kept)
            seen._write_unlocked({"is_merged": True})
            unseen = notices - kept - seen
            # calls are kept, also those about a letter that nobody has seen yet
            unseen._get_open_calls()._cancel(self.env._("The customers were merged."))
            unseen.callback_ids._write_unlocked({"notice_id": False})
            unseen.unlink()
        return result

    # === Agreements === #

    def _reconcile_agreements(self, company, today):
        """Update the notices whose agreement has changed; two queries find them."""
        self.flush_model()
        self.env["contract.contract"].flush_model()
        over = SQL(
            "(agreement.agreement_stage != 'signed' OR NOT agreement.active OR %s)",
            self._succeeded("agreement"),
        )
        same = SQL("agreement.term_end = notice.term_end")
        changed = self._joined_agreements(
            company,
            SQL(
                "(notice.state IN ('pending', 'print') OR (notice.state = 'sent' AND notice.term_end >= %s))"
                " AND (%s OR %s IS NOT TRUE)",
                today,
                over,
                same,
            ),
        )
        # the letter has left, and no call is open: nothing to do
        settled = changed.filtered(
            lambda notice: (
                notice._is_announced()
                and notice.contract_id.term_end == notice.term_end
                and not notice._get_open_calls()
            )
        )
        (changed - settled)._follow_apart(lambda notice: notice._follow_agreement(today))
        self.flush_model()
        again = self._joined_agreements(
            company,
            SQL(
                "notice.state = 'superseded' AND notice.term_end >= %s AND %s AND NOT %s",
                today,
                same,
                over,
            ),
        )
        again._follow_apart(lambda notice: notice._resume())

    def _joined_agreements(self, company, condition):
        rows = self.env.execute_query(
            SQL(
                "SELECT notice.id FROM aftersales_renewal_notice notice"
                " JOIN contract_contract agreement ON agreement.id = notice.contract_id"
                " WHERE notice.company_id = %s AND %s ORDER BY notice.id",
                company.id,
                condition,
            )
        )
        return self.browse([row[0] for row in rows])

    def _follow_agreement(self, today):
        self.ensure_one()
        agreement = self.contract_id
        renewed = "signed" in agreement.renewal_ids.mapped("agreement_stage")
        lapsed = agreement.agreement_stage != "signed" or not agreement.active
        if renewed or lapsed or not agreement.term_end:
            if self._is_announced():
                self._cancel_callbacks()
            else:
                self._supersede()
        else:
            self._follow_end(agreement.term_end, today)

    # === Installations without an agreement === #

    def _reconcile_installations(self, company, today):
        """Update notices of software without an agreement when another set of software ends on their day."""
        notices = self.search(
            [
                ("company_id", "=", company.id),
                ("contract_id", "=", False),
                ("is_merged", "=", False),
                "|",
                ("state", "in", ("pending", "print")),
                "&",
                ("state", "in", ("sent", "superseded")),
                ("term_end", ">=", today),
            ]
        )
        if not notices:
            return
        query = self._uncovered(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", notices.partner_id.ids),
                ("service_date_end", "!=", False),
            ]
        )
        uncovered = self.env["aftersales.installation"].browse(query)
        by_end = self._by_end(uncovered)

        def group(notice):
            return by_end.get((notice.partner_id, notice.term_end), uncovered.browse())

        changed = notices.filtered(lambda notice: notice._group_changed(group(notice), uncovered))
        changed._follow_apart(lambda notice: notice._follow_group(group(notice), uncovered, today))

    def _group_changed(self, group, uncovered):
        """Whether the notice differs from the software that ends on its day; arguments of :meth:`_follow_group`."""
        self.ensure_one()
        if self.state == "superseded":
            return bool(group)
        if not group:
            return (
                not self._is_announced()
                or self._get_open_calls()
                or self.installation_ids & uncovered
            )
        if self._is_announced():
            return group - self.installation_ids
        return set(group.ids) != set(self.installation_ids.ids)

    def _follow_group(self, group, uncovered, today):
        """Update the notice of software without an agreement.

        :param group: installations that end on the announced day and have no agreement
        :param uncovered: all installations without an agreement of the customers in view, with any end
        :param datetime.date today: the company's day
        """
        self.ensure_one()
        if self.state == "superseded":
            self._write_unlocked({"installation_ids": [Command.set(group.ids)]})
            self._resume()
        elif group:
            self._follow_members(group)
        else:
            ends = set((self.installation_ids & uncovered).mapped("service_date_end"))
            if len(ends) == 1:
                self._follow_end(ends.pop(), today)
            elif ends or not self._is_announced():
                self._supersede()
            else:
                # renewed or no longer in use: no reason to call
                self._cancel_callbacks()

    def _follow_members(self, group):
        if self._is_announced():
            joined = group - self.installation_ids
            if joined:
                self._write_unlocked(
                    {"installation_ids": [Command.link(id_) for id_ in joined.ids]}
                )
                self.message_post(
                    body=self.env._(
                        "The service of %s ends on that day, too: tell the customer when you call.",
                        list_words(self.env, joined.mapped("display_name")),
                    )
                )
        else:
            lines = group.product_line_id
            self._write_unlocked(
                {
                    "installation_ids": [Command.set(group.ids)],
                    "product_line_id": lines.id if len(lines) == 1 else False,
                }
            )

    # === Effects on a notice === #

    def _is_announced(self):
        """:return: whether the letter has left: by fax or post, or accepted by the mail server"""
        self.ensure_one()
        return self.state == "sent" and (self.channel != "mail" or self.delivery == "delivered")

    def _follow_end(self, end, today):
        """Update the notice to an end of service that moved.

        :param datetime.date end: new last day
        :param datetime.date today: the company's day
        """
        self.ensure_one()
        day = notice_date(end, self.company_id.aftersales_notice_months)
        twin = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("contract_id", "=", self.contract_id.id),
                ("term_end", "=", end),
                ("is_merged", "=", False),
            ]
        )
        if day > today or twin:
            self._supersede(twin)
            return
        # the customer has not been told of this end
        vals = {"term_end": end, "notice_date": day, "told_on": False, "told_by": False}
        vals["told_from"] = fields.Datetime.now()
        if self.state == "sent" and not self._is_announced():
            # the mail with the old date has not left
            self._cancel_mails()
            vals.update(state="pending", sent_on=False, channel=False, next_try=False, fail_count=0)
        self._write_unlocked(vals)
        self._renew_callbacks(today)

    def _supersede(self, successor=None):
        """Take notices out of use and cancel their calls.

        :param successor: the notice that replaces them, if there is one
        """
        for notice in self:
            vals = {"state": "superseded"}
            if successor:
                vals["superseded_by_id"] = successor.id
            if notice.state == "sent" and not notice._is_announced():
                vals.update(sent_on=False, channel=False)
            notice._cancel_mails()
            notice._write_unlocked(vals)
        self._close_activities()
        self._cancel_callbacks()

    def _resume(self):
        """Take superseded or withheld notices up again."""
        for notice in self:
            state = "sent" if notice.sent_on else "pending"
            notice._write_unlocked(
                {"state": state, "superseded_by_id": False, "next_try": False, "fail_count": 0}
            )
            notice._close_activities()
            notice._renew_callbacks(notice.company_id._aftersales_today())

    def _close_activities(self):
        self._withdraw_activities(PRINT_ACTIVITY, TROUBLE_ACTIVITY, WITHHELD_ACTIVITY)

    # === Call-backs === #

    def _get_open_calls(self):
        """:return: aftersales.callback, the calls about the notices that are still to be made"""
        return self.callback_ids.filtered(lambda call: call.state == "todo")

    def _cancel_callbacks(self):
        self._get_open_calls()._cancel(
            self.env._("The letter does not hold any more: the service goes on, or it is withheld.")
        )

    def _renew_callbacks(self, today):
        """Have the customer called about the present end of service, also after an earlier call."""
        self.ensure_one()
        done = self.callback_ids.filtered(lambda call: call.state == "done")
        agreed = self._get_open_calls().filtered(lambda call: call.renewal_round > 1)
        if agreed:
            # the day agreed with the customer stays while it is early enough for the new end
            last = self._get_last_day_to_consider(self.company_id, self.term_end)
            agreed.filtered(lambda call: call.due_date > last)._write_unlocked({"due_date": last})
        elif done:
            users = done.user_id or self.company_id._aftersales_managers()
            self._notify_users(
                users,
                CALL_ACTIVITY,
                lambda notice: notice.env._(
                    "The service now ends on %s: tell the customer.",
                    notice._say_day(notice.term_end),
                ),
                mail=False,
            )
        elif self.callback_ids:
            # a call that is still to be made keeps its day, and stays overdue when it is
            cancelled = self.callback_ids.filtered(lambda call: call.state == "cancelled")
            cancelled._reopen(self.env["aftersales.callback"]._get_due_day(self.company_id, today))
        else:
            self._open_callbacks()
