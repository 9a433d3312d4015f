from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Domain
from odoo.tools import SQL

from ...groups import MANAGERS, READERS

BATCH = 100


class AftersalesDeadlineMixin(models.AbstractModel):
    """Documents with deadlines: people are reminded once, managers are told once, delays are given with a reason.

    A model lists its deadlines in :meth:`_get_deadlines`, and the hourly job reminds people of them. The model calls
    :meth:`_close_deadline` when the work is done that was owed.
    """

    _name = "aftersales.deadline.mixin"
    _description = "Document with Deadlines"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin", "mail.activity.mixin"]

    delay_ids = fields.One2many(
        comodel_name="aftersales.delay",
        inverse_name="res_id",
        string="Announced Delays",
        groups=READERS,
        copy=False,
    )

    # === Deadlines of a model === #

    @api.model
    def _get_deadlines(self, company):
        """The deadlines of this model.

        :param company: res.company, whose settings may decide about days
        :rtype: list[Deadline]
        """
        return []

    @api.model
    def _find_deadline(self, kind, company):
        """One of the deadlines of this model.

        :param str kind: code of the deadline
        :param company: res.company, whose settings may decide about days
        :rtype: Deadline | None
        """
        return next((row for row in self._get_deadlines(company) if row.kind == kind), None)

    @api.model
    def _get_owed_activities(self, company):
        """Activity types of the deadlines; only the assigned user or a manager ends such activities.

        :param company: res.company, whose settings may decide about days
        :return: external ids
        :rtype: set[str]
        """
        return {row.activity for row in self._get_deadlines(company)}

    # === The job === #

    @api.model
    def _remind_all(self, company, today):
        """Remind people of all deadlines of all models for which it is time; a step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: documents left for lack of time
        :rtype: int
        :raises UserError: naming the documents that failed, once the others are done
        """
        left, errors = 0, []
        for name in sorted(self.pool.descendants(["aftersales.deadline.mixin"], "_inherit")):
            # sudo: the job works with all documents of the company
            model = self.env[name].sudo().with_company(company)
            if model._abstract:
                continue
            for deadline in model._get_deadlines(company):
                left += model._remind(company, today, deadline, errors)
        if errors:
            raise UserError("\n".join(errors))
        return left

    def _remind(self, company, today, deadline, errors):
        """Remind people of one deadline of this model, in batches.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :param Deadline deadline: one of the deadlines of this model
        :param list errors: texts of errors are appended to it
        :return: documents left for lack of time
        :rtype: int
        """
        late = None
        if deadline.escalate_days is not None:
            late = today
            if deadline.escalate_days:
                late = company._aftersales_previous_working_day(today, deadline.escalate_days)
        ids = self._find_untold(company, today, deadline, late)
        job = self.env["aftersales.job"]

        def failed(document, error):
            errors.append(f"{self._name} {document.id} {deadline.kind}: {error}")

        for start in range(0, len(ids), BATCH):
            batch = self.browse(ids[start : start + BATCH])
            job._each_apart(
                batch,
                lambda document: document._remind_one(deadline, today, late),
                failed,
                # another transaction is sending the same reminder
                taken=(self.env["aftersales.reminder"]._table,),
            )
            left = len(ids) - start - len(batch)
            if not job._checkpoint(len(batch), left) and left:
                return left
        return 0

    def _find_untold(self, company, today, deadline, late):
        """Ids of documents for which it is time to remind people or to tell managers, and nobody was told yet.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :param Deadline deadline: one of the deadlines of this model
        :param datetime.date late: managers are told of documents due before that day; None: they are not told
        :rtype: list[int]
        """
        limit = today if deadline.on_the_day else Date.subtract(today, days=1)
        if deadline.warn_days:
            limit = company._aftersales_next_working_day(today, deadline.warn_days)
        query = self.with_context(active_test=False)._search(
            Domain("company_id", "=", company.id)
            & Domain(deadline.field, "<=", limit)
            & deadline.domain
        )
        self.env["aftersales.reminder"].flush_model()
        due = SQL.identifier(self._table, deadline.field)
        alias = query.make_alias(self._table, "reminder")
        row = SQL.identifier(alias)
        query.add_join(
            "LEFT JOIN",
            alias,
            "aftersales_reminder",
            SQL(
                "%(row)s.res_model = %(model)s AND %(row)s.kind = %(kind)s"
                " AND %(row)s.res_id = %(id)s AND %(row)s.date_deadline = %(due)s",
                row=row,
                model=self._name,
                kind=deadline.kind,
                id=SQL.identifier(self._table, "id"),
                due=due,
            ),
        )
        untold = SQL("%s.id IS NULL", row)
        if late:
            untold = SQL("(%s OR %s.escalated_on IS NULL AND %s < %s)", untold, row, due, late)
        query.add_where(untold)
        if "taken_over_on" in self._fields:
            taken = self._field_to_sql(self._table, "taken_over_on", query)
            query.add_where(company._aftersales_owed_sql(taken, due))
        query.order = SQL("%s, %s", due, SQL.identifier(self._table, "id"))
        return [number for (number,) in self.env.execute_query(query.select())]

    def _remind_one(self, deadline, today, late):
        """Remind people of one deadline of this document, and store that it was done.

        :param Deadline deadline: one of the deadlines of this model
        :param datetime.date today: the company's calendar day
        :param datetime.date late: managers are told when the document was due before that day; None: never
        """
        due = self[deadline.field]
        escalate = bool(late and due < late)
        rows = self.env["aftersales.reminder"]
        key = {
            "res_model": self._name,
            "res_id": self.id,
            "kind": deadline.kind,
            "date_deadline": due,
        }
        row = rows.search([(name, "=", value) for name, value in key.items()])
        owing = deadline.users(self).filtered("active")
        users = owing.browse() if row.told_on else owing
        # When no user owes the work, the managers are told from the first day on.
        if escalate or not (owing or row):
            managers = deadline.managers(self).filtered("active")
            escalate = bool(managers) and late is not None
            users |= managers - owing if row.told_on else managers
        if not (users or escalate):
            # There is nobody to tell yet: store nothing, so that the next run tries again.
            return
        vals = {"told_on": row.told_on or today, "escalated_on": escalate and today}
        if row:
            row.write(vals)
        else:
            rows.create({**key, **vals, "company_id": self.company_id.id})
        # no mail: a morning's run makes many, and each would be a mail "assigned to you"
        self._notify_users(
            users,
            deadline.activity,
            lambda document: deadline.note(document, document._say_day(due)),
            due,
            mail=False,
        )

    def _close_deadline(self, kind):
        """End the reminders of a deadline, because the work is done or no longer owed.

        :param str kind: code of the deadline
        """
        if self:
            self._withdraw_activities(self._find_deadline(kind, self.company_id[:1]).activity)

    def _reopen_deadline(self, kind):
        """Forget the reminders of a deadline whose work is owed again, so that people are told again for the same day.

        :param str kind: code of the deadline
        """
        # sudo: no user may delete rows of reminders; the job made them
        self.env["aftersales.reminder"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("kind", "=", kind)]
        ).unlink()

    # === Days that people enter === #

    def _find_bound_days(self, vals, field, kind, moved):
        """Of the documents whose day these values move, those on which only an announced delay moves it (三.8).

        A day is moved freely once, before it has come.

        :param dict vals: values about to be written
        :param str field: the field with the day
        :param str kind: code of its deadline
        :param str moved: boolean field: the day was moved once
        :return: the documents whose day is moved freely, and those whose day is not
        :rtype: tuple
        """
        changed = self.filtered(
            lambda document: document[field] and document._changed_fields(vals, {field})
        )
        # sudo: only whether a delay was announced before
        delays = self.env["aftersales.delay"].sudo()
        delayed = delays.search(
            [("res_model", "=", self._name), ("res_id", "in", changed.ids), ("kind", "=", kind)]
        ).mapped("res_id")
        bound = changed.filtered(
            lambda document: document[moved]
            or document.id in delayed
            or document[field] <= document.company_id._aftersales_today()
        )
        return changed - bound, bound

    # === Delays === #

    def action_open_delay(self):
        """Ask for the new day and the reason of a delay."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Announce a Delay"),
            "res_model": "aftersales.delay.announce",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_announce_delay(self, kind, date_new, reason):
        """Move a deadline and store the reason (三.8: announced before the day, or marked as announced too late).

        :param str kind: code of the deadline
        :param datetime.date date_new: the new last day, not in the past
        :param str reason: reason of the delay
        :raises AccessError: when the user neither owes the work nor is a service manager
        :raises UserError: without a reason, for a day in the past, or when nothing is due
        """
        self.ensure_one()
        self.check_access("read")
        deadline = self._find_deadline(kind, self.company_id)
        owed = deadline and self[deadline.field] and self.filtered_domain(deadline.domain)
        if not owed:
            raise UserError(self.env._("Nothing is due on %s any more.", self.display_name))
        user = self.env.user
        if user not in deadline.users(self) and not user.has_group(MANAGERS):
            raise AccessError(self.env._("Who owes it announces the delay, or a service manager."))
        today, date_old = self.company_id._aftersales_today(), self[deadline.field]
        date_new = Date.to_date(date_new)
        if not (reason or "").strip() or not date_new or date_new < today or date_new == date_old:
            raise UserError(
                self.env._("Give the reason of the delay and a new day, today or later.")
            )
        # sudo: no user may make these rows; the checks above allow this one
        delay = (
            self.env["aftersales.delay"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "kind": kind,
                    "date_old": date_old,
                    "date_new": date_new,
                    "reason": reason.strip(),
                    "announced_by_id": self.env.uid,
                    "announced_on": fields.Datetime.now(),
                    "in_time": today <= date_old,
                }
            )
        )
        self._close_deadline(kind)
        # sudo: users who owe the work may move its day also when they may not write the document; checked above
        self.sudo()._apply_delay(delay, deadline)

    def _apply_delay(self, delay, deadline):
        """Write the new day, and log the delay in the chatter of the document.

        :param delay: aftersales.delay
        :param Deadline deadline: the deadline that moves
        """
        self._write_unlocked({deadline.field: delay.date_new})
        self._message_log(
            body=self.env._(
                "Delayed from %(old)s to %(new)s: %(reason)s",
                old=self._say_day(delay.date_old),
                new=self._say_day(delay.date_new),
                reason=delay.reason,
            ),
            author_id=self.env.user.partner_id.id,
        )
