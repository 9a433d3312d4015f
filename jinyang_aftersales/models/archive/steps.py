from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...activities import LOAN_ACTIVITY, ORIGINAL_ACTIVITY
from ...groups import MANAGERS, SPECIALISTS

CORRECTED_FIELDS = frozenset({"place", "scan", "scan_name", "retention_date"})


class AftersalesArchiveEntry(models.Model):
    """The steps of an original: received, filed, lent, taken back, lost, found, corrected (五.7)."""

    _inherit = "aftersales.archive.entry"

    # === Rules === #

    def _get_further_obstacle(self, step):
        if step.target == "filed" and not (self.place or "").strip():
            return self.env._("%s: fill in the place first.", self.display_name)
        if step.action == "action_give_back":
            document = self._get_document()
            # sudo: archivists may not read the document, whose state decides
            if self.res_id and not (document and document.sudo()._allows_return()):
                return self.env._(
                    "%s is still needed: only the paper of a refused or cancelled request is given back.",
                    self.display_name,
                )
        return super()._get_further_obstacle(step)

    def _enter(self, state, **vals):
        result = super()._enter(state, **vals)
        self._close_deadline("original_overdue")
        self._close_deadline("loan_overdue")
        self._tell_document()
        return result

    def _tell_document(self):
        """Let the documents follow what became of their originals."""
        for entry in self:
            document = entry._get_document()
            if document and "archive_entry_ids" in document._fields:
                # sudo: archivists may not write the document, which keeps some values of its original
                document.sudo()._after_archive_change(entry.sudo())

    # === Hands === #

    def _get_handover_obstacle(self):
        """Why the user cannot hand the paper over now, in the user's language.

        :return: the reason, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if self.state not in ("expected", "on_loan"):
            return self.env._(
                "%(document)s is %(state)s and is not handed over.",
                document=self.display_name,
                state=self._state_label(),
            )
        user = self.env.user
        holds = self.holder_id == user and user.has_group(SPECIALISTS)
        if not holds and not self.has_access("write"):
            return self.env._("Who holds the original hands it over, or the archive.")
        return False

    def action_hand_over(self, user_id, note=False):
        """Hand originals over to a colleague; specialists may hand over those they hold.

        :param int user_id: the new holder
        :param str note: a note, kept with the handover
        :raises AccessError: for users who neither hold them nor keep the archive
        :raises UserError: when their state allows no handover, or that user cannot receive them
        """
        self.check_access("read")
        for entry in self:
            obstacle = entry._get_handover_obstacle()
            if obstacle:
                right_state = entry.state in ("expected", "on_loan")
                raise AccessError(obstacle) if right_state else UserError(obstacle)
            receiver = entry._get_receiver(user_id)
            if entry.state == "expected" and receiver != entry.holder_id:
                entry._note_given(receiver)
            given = receiver != entry.holder_id
            entry._hand_over(receiver, note)
            if given and receiver != self.env.user and entry.state == "expected":
                entry._tell_receiver(receiver)
            entry._tell_document()

    def _tell_receiver(self, receiver):
        """Tell a colleague that somebody said they got the original: whoever holds it answers for it (七.3).

        :param receiver: res.users
        """
        self._notify_users(
            receiver,
            ORIGINAL_ACTIVITY,
            lambda entry: entry.env._(
                "%(user)s has recorded that you got %(document)s. If you do not have it, hand it back here at once.",
                user=entry.env.user.name,
                document=entry.document_name,
            ),
            deadline=self.date_deadline,
        )

    def _note_given(self, receiver):
        """Store the day of a hand-over to the archive, which counts when the original is received or filed there.

        :param receiver: res.users who gets the original
        """
        given = self._keeps_archive(receiver) and (
            self.given_on or self.company_id._aftersales_today()
        )
        # sudo: who holds the original hands it over, without the right to write the archive
        self.sudo()._write_unlocked({"given_on": given})

    def action_receive(self):
        """Take originals over for the archive, to be filed later (五.7.1).

        Originals that were handed over to the user are confirmed; they count from the day of the hand-over.

        :raises AccessError: for users who do not keep the archive
        :raises UserError: when they are not expected, or the user holds them already
        """
        self.check_access("write")
        for entry in self:
            if not entry._is_to_be_received():
                raise UserError(
                    self.env._("%s is not waiting to be handed over to you.", entry.display_name)
                )
            entry._write_unlocked(entry._prepare_receipt())
            entry._hand_over(self.env.user)
            entry._tell_document()

    def _is_to_be_received(self):
        """:return: whether the user may still receive the original: it is not here, or was handed over only"""
        handed = self.given_on and not self.received_on
        return self.state == "expected" and (handed or self.holder_id != self.env.user)

    def _prepare_receipt(self):
        """:return: since when the archive has the original: the day of the hand-over, else today
        :rtype: dict
        """
        today = self.company_id._aftersales_today()
        return {"received_on": self.received_on or self.given_on or today}

    def action_ask_not_received(self):
        """Ask why the originals were not received."""
        return self._ask_reason("action_not_received")

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_not_received": self.env._("Not Received"),
            "action_file_anyway": self.env._("File All the Same"),
        }

    def action_not_received(self, reason):
        """Say that originals were handed over or received in error: who gave them holds them again.

        :param str reason: why
        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a reason, or for originals that are filed or were not handed over
        """
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say why it was not received."))
        for entry in self:
            if entry.state != "expected" or not (entry.given_on or entry.received_on):
                raise UserError(
                    self.env._("%s was not handed over to the archive.", entry.display_name)
                )
            # the last one to hold it who does not keep the archive
            giver = entry.handover_ids.from_id.filtered(lambda user: not self._keeps_archive(user))
            giver = giver[:1] or entry.handover_ids[:1].from_id
            if giver:
                entry._hand_over(giver, reason)
            entry._write_unlocked({"given_on": False, "received_on": False})
            entry._message_log(body=reason, author_id=self.env.user.partner_id.id)
            entry._tell_document()

    @api.model
    def _keeps_archive(self, user):
        """:return: whether a user may receive and file originals"""
        return self.with_user(user).sudo(False).has_access("write")

    def _get_receiver(self, user_id):
        """A colleague who may get the paper.

        :param int user_id: id of a user, or the user
        :rtype: res.users
        :raises UserError: for customers, colleagues who left, and users of other companies
        """
        self.ensure_one()
        # sudo: archivists may not read users; only whether this one is a colleague is told
        users = self.env["res.users"].sudo()
        user = users.search(
            [
                ("id", "=", int(user_id)),
                ("share", "=", False),
                ("company_ids", "in", self.company_id.id),
            ]
        )
        if not user:
            raise UserError(self.env._("Choose a colleague of %s.", self.company_id.name))
        return user.sudo(False)

    def _hand_over(self, user, note=False):
        """Record the new holder, who also gets the open reminders.

        :param user: res.users
        :param str note: a note, kept with the handover
        """
        self.ensure_one()
        holder = self.holder_id
        if holder == user:
            return
        # sudo: rows that only methods make, after the checks of the action
        self.env["aftersales.archive.handover"].sudo()._create_unlocked(
            {
                "entry_id": self.id,
                "from_id": holder.id,
                "to_id": user.id,
                "recorded_by_id": self.env.uid,
                "date": fields.Datetime.now(),
                "note": (note or "").strip() or False,
            }
        )
        entry = self.sudo().with_context(mail_notify_force_send=False)
        entry._write_unlocked({"holder_id": user.id})
        if holder:
            entry.activity_reschedule(
                [ORIGINAL_ACTIVITY, LOAN_ACTIVITY], user_id=holder.id, new_user_id=user.id
            )

    # === Filing === #

    def action_file(self):
        """File originals at their place: draw their number, begin their retention (五.7).

        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a place, when they are not expected, or while their document lacks what its paper
            says
        """
        for entry in self:
            entry.check_access("write")
            gap = entry.state == "expected" and entry._get_filing_gap()
            if gap:
                raise UserError(
                    self.env._(
                        "%(gap)s A service manager may file it without, and gives the reason.",
                        gap=gap,
                    )
                )
            entry._file()

    def action_ask_file_anyway(self):
        """Ask why the originals are filed although their document lacks what the paper says."""
        return self._ask_reason("action_file_anyway")

    def action_file_anyway(self, reason):
        """File originals although their document lacks what the paper says; the reason stays in the history.

        :param str reason: why
        :raises AccessError: for users other than service managers
        :raises UserError: without a reason, without a place, or when they are not expected
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(
                self.env._("Only a service manager files an original that lacks something.")
            )
        reason = self._check_reason(reason, self.env._("Say why it is filed all the same."))
        for entry in self:
            gap = entry._get_filing_gap()
            entry._file()
            entry._message_log(
                body=self.env._(
                    "%(gap)s Filed all the same: %(reason)s", gap=gap or "", reason=reason
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _get_filing_gap(self):
        """:return: what the document lacks that the paper says, in the user's language; False when nothing"""
        self.ensure_one()
        document = self._get_document()
        if not document or "archive_entry_ids" not in document._fields:
            return False
        # sudo: archivists may not read the document; they are told what is missing there
        return document.sudo()._get_filing_gap(self.sudo())

    def _file(self):
        self.ensure_one()
        register = self.env["aftersales.archive.register"]._get(self.company_id, self.kind)
        today = self.company_id._aftersales_today()
        values = {
            "filed_on": today,
            "filed_by_id": self.env.uid,
            **self._prepare_receipt(),
            "retention_date": today + relativedelta(years=register.retention_years),
        }
        if self.state == "expected":
            values["name"] = register._draw_number()
        self._step("action_file", **values)
        self._hand_over(self.env.user)

    def action_correct(self, values, reason):
        """Correct what was filed; the old values stay in the chatter.

        :param dict values: place, scan, scan_name or retention_date
        :param str reason: why
        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a reason, for other fields, or while nothing is filed
        """
        self.ensure_one()
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say why it is corrected."))
        wrong = set(values) - CORRECTED_FIELDS
        if wrong:
            self._refuse_fields(wrong)
        if self.name == "/":
            raise UserError(self.env._("%s has not been filed yet.", self.display_name))
        if "place" in values and not (values["place"] or "").strip():
            raise UserError(self.env._("%s: fill in the place first.", self.display_name))
        files = []
        scan = values.get("scan") and self._get_file("scan")
        if scan:
            files = [(self.scan_name or self.name, scan.raw)]
        # Place and retention are tracked: their old values are in the chatter, and the old scan is posted below.
        self._write_unlocked(values)
        # sudo: archivists need no right on attachments to keep the old scan
        self.sudo().with_context(mail_notify_force_send=False).message_post(
            body=self.env._("Corrected: %s", reason),
            attachments=files,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    # === Loans === #

    def action_lend(self, user_id, date_due, note=False):
        """Lend filed originals to a colleague.

        :param int user_id: the borrower
        :param datetime.date date_due: when they are due back
        :param str note: a note, kept with the handover
        :raises AccessError: for users who do not keep the archive
        :raises UserError: when they are not filed, or due back in the past
        """
        self.check_access("write")
        date_due = fields.Date.to_date(date_due)
        for entry in self:
            today = entry.company_id._aftersales_today()
            if not date_due or date_due < today:
                raise UserError(self.env._("Say when it is due back, today or later."))
            user = entry._get_receiver(user_id)
            entry._step("action_lend", loan_to_id=user.id, loan_on=today, loan_due_date=date_due)
            entry._hand_over(user, note)

    def action_return(self):
        """Take lent originals back.

        :raises AccessError: for users who do not keep the archive
        :raises UserError: when they are not on loan
        """
        for entry in self:
            entry._step("action_return", **self._no_loan())
            entry._hand_over(self.env.user)

    @api.model
    def _no_loan(self):
        return {"loan_to_id": False, "loan_on": False, "loan_due_date": False}

    # === Loss === #

    def action_lose(self, reason):
        """Record that originals are lost, and who held them (七.3).

        :param str reason: how they were lost
        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a reason
        """
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say how the original was lost."))
        for entry in self:
            entry._step(
                "action_lose",
                lost_on=entry.company_id._aftersales_today(),
                lost_by_id=self.env.uid,
                lost_reason=reason,
                lost_holder_id=entry.holder_id.id,
                **self._no_loan(),
            )

    def action_find(self, note=False):
        """Record that lost originals were found: filed again, or expected again with a new deadline.

        :param str note: a note, kept with the handover
        :raises AccessError: for users who do not keep the archive
        :raises UserError: when they are not lost
        """
        for entry in self:
            entry.check_access("write")
            values = {name: False for name in self._protected_fields if name.startswith("lost_")}
            state = "filed"
            if entry.name == "/":
                register = self.env["aftersales.archive.register"]._get(
                    entry.company_id, entry.kind
                )
                state = "expected"
                values["date_deadline"] = register._get_deadline(
                    entry.company_id._aftersales_today()
                )
            entry._step("action_find", target=state, **values)
            entry._hand_over(self.env.user, note)

    # === Withdrawn === #

    def action_withdraw(self, reason):
        """Record that originals will never exist and are not expected any more.

        :param str reason: why
        :raises AccessError: for users who do not keep the archive
        :raises UserError: without a reason, or when it is not expected
        """
        self.check_access("write")
        reason = self._check_reason(reason, self.env._("Say why it is not expected any more."))
        self._step("action_withdraw")
        for entry in self:
            entry._message_log(body=reason, author_id=self.env.user.partner_id.id)

    def action_reopen(self):
        """Expect an original after all that was withdrawn, or was not given back.

        :raises AccessError: for users who do not keep the archive
        :raises UserError: when it was neither
        """
        self._step("action_reopen", **self._no_return())

    # === Given back === #

    @api.model
    def _no_return(self):
        return {"returned_on": False, "returned_to_id": False, "returned_how": False}

    def action_give_back(self, contact_id, day, how):
        """Record that the paper of a request that came to nothing went back to the customer.

        :param int contact_id: the person of the customer who got it
        :param datetime.date day: when, not after today
        :param str how: by which way, e.g. by post with its number
        :raises AccessError: for users who do not keep the archive
        :raises UserError: when the request is not refused or cancelled, or without person, day and way
        """
        self.check_access("write")
        how = self._check_reason(how, self.env._("Say how the original was given back."))
        day = fields.Date.to_date(day)
        for entry in self:
            # sudo: archivists may not read all customers; only this id is looked for
            contact = self.env["res.partner"].sudo().browse(int(contact_id or 0)).exists()
            if not contact or contact.commercial_partner_id != entry.commercial_partner_id:
                raise UserError(self.env._("Say which person of the customer got it."))
            if not day or day > entry.company_id._aftersales_today():
                raise UserError(self.env._("Say on which day it was given back, today or before."))
            entry._step(
                "action_give_back",
                returned_on=day,
                returned_to_id=contact.id,
                returned_how=how,
            )
