from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ...activities import STEP_ACTIVITY
from ...groups import MANAGERS, SPECIALISTS
from ...tools.facts import fact
from ...tools.text import clean_text
from .values import CHANNELS, OPINIONS

OPINION_ACTIVITY = "jinyang_aftersales.mail_activity_change_opinion"
# reminders to a silent customer before a manager decides
REMINDERS = 2
BATCH = 50
NO_OPINION = dict.fromkeys(
    (
        "opinion_result",
        "opinion_text",
        "opinion_on",
        "opinion_contact_id",
        "opinion_channel",
        "opinion_recorded_by_id",
        "no_opinion_reason",
        "opinion_due_date",
    ),
    False,
)


class AftersalesChangeRequest(models.Model):
    """The update at the customer's, the customer's opinion, and reminders when there is none (五.4.6–7)."""

    _inherit = "aftersales.change.request"

    can_deploy = fields.Boolean(compute="_compute_can_deploy")
    can_record_opinion = fields.Boolean(compute="_compute_can_deploy")
    can_close = fields.Boolean(compute="_compute_can_deploy")
    can_close_silent = fields.Boolean(compute="_compute_can_deploy")
    can_send_back = fields.Boolean(compute="_compute_can_deploy")

    @api.depends("state", "deployed_on", "opinion_result", "opinion_reminders")
    @api.depends_context("uid")
    def _compute_can_deploy(self):
        writable = self._filtered_access("write") if self.env.user.has_group(SPECIALISTS) else []
        for change in self:
            may = change in writable and change.state == "deploying"
            change.can_deploy = may and not change.deployed_on
            change.can_record_opinion = may and not change._get_opinion_obstacle()
            change.can_close = may and not change._get_step_obstacle("action_done")
            change.can_close_silent = may and not change._get_silence_obstacle()
            change.can_send_back = may and not change._get_send_back_obstacle()

    # === Update === #

    def action_deploy(self):
        """Record the update at the customer's, who is asked for an opinion and called later (五.4.6–7).

        :raises UserError: unless it has passed the test, or when it has been updated already
        """
        self.check_access("write")
        self._check_specialist()
        for change in self:
            if change.state != "deploying" or change.deployed_on:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: there is nothing to update at the customer's.",
                        document=change.display_name,
                        state=change._state_label(),
                    )
                )
            company = change.company_id
            change._write_unlocked(
                {
                    "deployed_on": fields.Datetime.now(),
                    "deployed_by_id": self.env.uid,
                    "opinion_due_date": company._aftersales_next_working_day(
                        company._aftersales_today(), company.sudo().aftersales_opinion_days
                    ),
                    "opinion_reminders": 0,
                }
            )
            self.env["aftersales.callback"]._open_for(change, "change")
        self._close_deadline("promise")
        self._tell_next()
        self._mail_customer("deployed")

    def _check_specialist(self):
        if not self.env.su and not self.env.user.has_group(SPECIALISTS):
            raise UserError(self.env._("A service specialist does this, not the developer."))

    def _get_callback_workers(self):
        workers = super()._get_callback_workers() | self.developer_id | self.confirmed_by_id
        return workers | self.test_ids.tester_id | self.deployed_by_id

    def _get_callback_facts(self):
        told = dict(self._fields["opinion_result"]._description_selection(self.env))
        opinion = (told.get(self.opinion_result), self.opinion_text)
        return [
            *super()._get_callback_facts(),
            fact(self.env._("Program Change"), self.title),
            fact(self.env._("Opinion of the Customer"), "\n".join(filter(None, opinion))),
        ]

    # === Opinion === #

    def _get_opinion_obstacle(self):
        """Why the customer's opinion cannot be recorded now.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if self.state != "deploying" or not self.deployed_on:
            return self.env._(
                "%s has not been updated at the customer's: there is nothing to say about it yet.",
                self.display_name,
            )
        if self.opinion_result:
            return self.env._("The opinion of %s has been given already.", self.display_name)
        return False

    def _record_customer_opinion(self, result, text, contact, channel="portal"):
        """Record the customer's opinion of the change (五.4.7).

        Called by the portal after its check of access, and by :meth:`action_record_opinion`.

        :param str result: ``satisfied``, ``partly`` or ``unsatisfied``
        :param str text: in the customer's words; required unless ``satisfied``
        :param contact: res.partner of the customer, who gave the opinion
        :param str channel: how the opinion came, see ``CHANNELS``
        :raises UserError: with the reason why not
        """
        self.ensure_one()
        # sudo: customers may not write changes; the caller has checked that the contact acts for the customer
        change = self.sudo()
        obstacle = change._get_opinion_obstacle()
        if obstacle:
            raise UserError(obstacle)
        text = clean_text(text) or False
        if result not in [code for code, _label in OPINIONS] or channel not in [
            code for code, _label in CHANNELS
        ]:
            raise UserError(self.env._("Say whether the customer is satisfied, and how it came."))
        if result != "satisfied" and not text:
            raise UserError(self.env._("Say what the customer misses."))
        change._write_unlocked(
            {
                "opinion_result": result,
                "opinion_text": text,
                "opinion_on": fields.Datetime.now(),
                "opinion_contact_id": contact.id,
                "opinion_channel": channel,
                "opinion_recorded_by_id": self.env.uid,
                "opinion_due_date": False,
            }
        )
        labels = dict(self._fields["opinion_result"]._description_selection(self.env))
        change._message_log(
            body=self.env._(
                "Opinion of %(contact)s: %(result)s %(text)s",
                contact=contact.sudo().name,
                result=labels[result],
                text=text or "",
            ),
            author_id=self.env.user.partner_id.id,
        )
        change._withdraw_activities(OPINION_ACTIVITY)
        change._tell_next()

    def action_record_opinion(self, result, text=False, contact_id=False, channel="phone"):
        """Record an opinion the customer gave on paper, by telephone or otherwise.

        :param str result: see ``OPINIONS``
        :param str text: in the customer's words; required unless ``satisfied``
        :param int contact_id: person who gave the opinion, by default the contact
        :param str channel: how the opinion came, see ``CHANNELS``
        :raises AccessError: for users who may not write the change
        :raises UserError: with the reason why not
        """
        self.check_access("write")
        self._check_specialist()
        contact = self.contact_id or self.partner_id
        if contact_id:
            known = [("id", "=", contact_id)] if isinstance(contact_id, int) else Domain.FALSE
            contact = self.env["res.partner"].search(known)
        if not contact:
            raise UserError(self.env._("Say who of the customer's said so."))
        self._record_customer_opinion(result, text, contact, channel)

    def action_open_opinion(self):
        """Ask for the customer's opinion."""
        return self._get_step_action("action_record_opinion", self.env._("Customer's Opinion"))

    # === Ends === #

    def action_ask_done(self):
        """Ask once more before a change is closed whose customer is not satisfied."""
        return self._ask_first(
            "action_done",
            self.env._("The customer is not satisfied. Close the change all the same?"),
        )

    def action_done(self):
        """Close changes with the customer's opinion (五.4.7).

        :raises UserError: without an opinion, and for an unsatisfied customer unless a service manager closes it
        """
        self._step("action_done", done_on=fields.Datetime.now())
        self._end_waiting()
        # No task on what is done: the call-back desk calls the customer next.
        self._mail_customer("done", call=False)

    def _get_silence_obstacle(self):
        """:return: why the user cannot close the change without an opinion, False when nothing is in the way"""
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager closes a change without an opinion.")
        obstacle = self._get_opinion_obstacle()
        if not obstacle and self.opinion_reminders < REMINDERS:
            obstacle = self.env._(
                "The customer of %s is still being asked: they are reminded twice before.",
                self.display_name,
            )
        return obstacle

    def action_close_without_opinion(self, reason=False):
        """Close a change whose customer gave no opinion in spite of reminders, as a service manager.

        :param str reason: why, required
        :raises AccessError: for users who may not write the change
        :raises UserError: with the reason why not
        """
        self.ensure_one()
        self.check_access("write")
        obstacle = self._get_silence_obstacle()
        if obstacle:
            raise UserError(obstacle)
        said = self._check_reason(
            clean_text(reason), self.env._("Say why it is closed without an opinion.")
        )
        self._write_unlocked({"no_opinion_reason": said})
        self.action_done()

    def action_open_close_silent(self):
        """Ask why the change is closed without an opinion."""
        return self._get_step_action(
            "action_close_without_opinion", self.env._("Close Without an Opinion")
        )

    def _get_send_back_obstacle(self):
        """:return: why the change is not sent back, False when the customer is not satisfied"""
        self.ensure_one()
        if self.opinion_result not in ("partly", "unsatisfied"):
            return self.env._(
                "%s is sent back when the customer is not satisfied with it.", self.display_name
            )
        return False

    def action_send_back(self, state="development", reason=False):
        """Have a change developed or tested again when its customer is not satisfied; the opinion is asked for anew.

        :param str state: ``development`` or ``testing``
        :param str reason: the work to be done, required
        :raises AccessError: for users who may not write the change
        :raises UserError: with the reason why not
        """
        self.ensure_one()
        self.check_access("write")
        obstacle = self._get_send_back_obstacle()
        if obstacle:
            raise UserError(obstacle)
        reason = clean_text(reason)
        if not reason or state not in ("development", "testing"):
            raise UserError(self.env._("Say where it goes back to, and what is to be done."))
        vals = {**NO_OPINION, "deployed_on": False, "deployed_by_id": False, "tested_on": False}
        if state == "testing":
            vals |= {
                "testing_on": fields.Datetime.now(),
                "test_round": self.test_round + 1,
                "customer_invited_on": False,
            }
        self._step("action_send_back", target=state, opinion_reminders=0, **vals)
        self._message_log(
            body=self.env._("Sent back: %s", reason), author_id=self.env.user.partner_id.id
        )
        self._end_waiting()
        self._reopen_deadline("promise")
        self._mail_customer("returned")

    def action_open_send_back(self):
        """Ask where the change goes back to, and why."""
        return self._get_step_action("action_send_back", self.env._("Send Back"))

    def _end_waiting(self):
        """End the activities that wait for the customer's opinion."""
        self._withdraw_activities(OPINION_ACTIVITY)
        self._tell_next()

    # === Silence === #

    @api.model
    def _get_owed_activities(self, company):
        # the job reminds managers of this activity like of a deadline, though it is none
        return super()._get_owed_activities(company) | {OPINION_ACTIVITY}

    @api.model
    def _get_job_steps(self):
        return [
            *super()._get_job_steps(),
            # customers who gave no opinion of a program change are reminded (五.4.7)
            (40, self._remind_silent_customers),
        ]

    @api.model
    def _remind_silent_customers(self, company, today):
        """Remind customers who gave no opinion; after two reminders a manager decides. A step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's day
        :return: changes left for lack of time
        :rtype: int
        :raises UserError: naming the changes that failed, once the others are done
        """
        # sudo: a routine of the company; its user need not have rights on changes
        silent = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "deploying"),
                ("opinion_result", "=", False),
                ("opinion_due_date", "<", today),
            ],
            order="opinion_due_date, id",
        )
        left, errors = len(silent), []
        job = self.env["aftersales.job"]
        for ids in split_every(BATCH, silent.ids, list):
            # leave out changes that another transaction works on
            job._each_apart(
                silent.browse(ids).try_lock_for_update(),
                lambda change: change._remind_silent(company, today),
                lambda change, error: errors.append(f"{change.name}: {error}"),
            )
            left -= len(ids)
            if not job._checkpoint(len(ids), left):
                break
        if errors:
            raise UserError("\n".join(errors))
        return left

    def _remind_silent(self, company, today):
        """Send one reminder, or give the managers an activity when all reminders were sent."""
        if self.opinion_result or not self.opinion_due_date or self.opinion_due_date >= today:
            return
        if self.opinion_reminders >= REMINDERS:
            managers = company._aftersales_managers()
            if not managers:
                # tried again by the next run: there is no manager to tell yet
                return
            self._write_unlocked({"opinion_due_date": False})
            # the managers call or close it: the specialist has asked often enough
            self._withdraw_activities(STEP_ACTIVITY)
            self._notify_users(
                managers,
                OPINION_ACTIVITY,
                note=lambda change: change.env._(
                    "The customer was reminded twice and says nothing: call them, or close %s without"
                    " an opinion.",
                    change.display_name,
                ),
                deadline=today,
            )
            return
        self._write_unlocked(
            {
                "opinion_reminders": self.opinion_reminders + 1,
                "opinion_due_date": company._aftersales_next_working_day(
                    today, company.aftersales_opinion_days
                ),
            }
        )
        self._mail_customer("reminder", send_at=company._aftersales_mail_time())
