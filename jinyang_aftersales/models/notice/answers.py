from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...activities import RENEW_ACTIVITY
from ...tools.text import clean_line
from .values import ANSWERS

DECLINED_ACTIVITY = "jinyang_aftersales.mail_activity_renewal_declined"
AGREEMENT_ACTIVITY = "jinyang_aftersales.mail_activity_make_agreement"
# the same answer sent again within that time is the same answer
AGAIN = timedelta(minutes=10)
# days before the end of service by which customers who consider are called again
DAYS_TO_CONSIDER = 7
# working days before the end of service on which customers who decline are called a last time
DAYS_TO_RETURN = 10


# the model has five rooms, see aftersales_renewal_notice.py
class AftersalesRenewalNotice(models.Model):
    """What follows from the customer's answer to a notice (五.2.2, 五.5.2).

    ===========  =====================================================================================
    Answer       What follows
    ===========  =====================================================================================
    renewing     the specialist makes the agreement with one button, also for software without one
    considering  the next call is on the day agreed, a week before the end of service at the latest
    declining    the managers are told the reason; a last call is made ten working days before the end
    ===========  =====================================================================================

    The answer is given in a call (``aftersales.callback``), or in writing: by the link of the letter, or as an
    answer to the offer.
    """

    _name = "aftersales.renewal.notice"
    _inherit = ["aftersales.renewal.notice", "aftersales.shown.mixin"]

    written_answer = fields.Selection(selection=ANSWERS, readonly=True, copy=False, tracking=True)
    written_on = fields.Datetime(string="Answered in Writing On", readonly=True, copy=False)
    written_by = fields.Char(string="Answered in Writing By", readonly=True, copy=False)
    written_reason = fields.Char(string="Reason in Writing", readonly=True, copy=False)

    # === The link of the letter === #

    def _get_letter_links(self):
        """Where the links of the mails lead, and their texts in the customers' languages; an offer leads to itself.

        Each link is its recipient's (``aftersales.portal.link``); all are made in one go.

        :return: text and address by id of the notice
        :rtype: dict[int, tuple[str, str]]
        """
        people = {notice.id: notice._get_recipient() for notice in self}
        links = self.env["aftersales.portal.link"]._ensure_each(self, people)
        return {
            notice.id: (
                notice.with_context(lang=notice.lang).env._("Tell us whether you renew"),
                f"{notice.get_base_url()}/renewal/{notice.id}?access_token={links[notice.id].secret}",
            )
            for notice in self
        }

    @api.model
    def _get_link_html(self, text, url):
        """:return: a link as a button under the text of the mail, Markup"""
        style = (
            "padding:8px 16px;background:#875A7B;color:#fff;text-decoration:none;border-radius:3px"
        )
        return Markup('<p><a href="%s" style="%s">%s</a></p>') % (url, style, text)

    def _is_opened_by(self, secret):
        """Whether a secret from a mail opens the page of this letter now.

        It opens nothing once the service has ended, the letter was replaced, or the link of its recipient has ended.

        :param str secret: as the visitor sent it
        :rtype: bool
        """
        # sudo: the secret is the visitor's right; nothing is returned but whether it is the right one
        notice = self.sudo()
        return bool(
            notice.state not in ("superseded", "withheld")
            and notice.term_end >= notice.company_id._aftersales_today()
            and notice.partner_id.active
            and notice.env["aftersales.portal.link"]._find_opening(notice, secret)
        )

    @api.model
    def _get_ended_domain(self):
        """:return: domain of the letters that can no longer be answered, see ``aftersales.portal.link``"""
        return Domain("term_end", "<", self.env.company._aftersales_today()) | Domain(
            "state", "in", ("superseded", "withheld")
        )

    def _get_shown_content(self):
        return {
            **super()._get_shown_content(),
            "customer": self.partner_id.name,
            "installations": self.installation_ids.sorted("id")._get_shown_key(),
            "end": str(self.term_end),
        }

    # === When the customer is called again === #

    @api.model
    def _get_last_day_to_consider(self, company, end):
        """The latest day that may be agreed for the next call.

        :param company: res.company
        :param datetime.date end: last day of service; a false value where none is known
        :return: a week before the end; the next working day where that has passed; False without an end
        :rtype: datetime.date | bool
        """
        if not end:
            return False
        today = company._aftersales_today()
        return max(
            end - timedelta(days=DAYS_TO_CONSIDER), company._aftersales_next_working_day(today)
        )

    @api.model
    def _check_next_call(self, company, end, day):
        """Refuse days on which a customer who considers cannot be called again.

        :param company: res.company
        :param datetime.date end: last day of service
        :param day: the day agreed, as it was entered
        :return: the day
        :rtype: datetime.date
        :raises UserError: without a day, or when it is too early or too late
        """
        day = fields.Date.to_date(day)
        last = self._get_last_day_to_consider(company, end)
        if not day or day <= company._aftersales_today() or (last and day > last):
            raise UserError(
                self.env._(
                    "Choose the day of the next call: after today, and on %(last)s at the latest.",
                    last=self._say_day(last),
                )
                if last
                else self.env._("Choose the day of the next call, after today.")
            )
        return day

    @api.model
    def _get_last_call_day(self, company, end):
        """The day on which a customer who declines is called a last time.

        :param company: res.company
        :param datetime.date end: last day of service
        :return: False when that day is over: the call in which the customer declined was the last
        :rtype: datetime.date | bool
        """
        day = end and company._aftersales_previous_working_day(end, DAYS_TO_RETURN)
        return day if day and day > company._aftersales_today() else False

    # === Who is told === #

    @api.model
    def _tell_renewing(self, document, agreement, customer):
        """Ask the specialist to make the agreement of a customer who renews; the managers where there is none.

        :param document: notice or call, where there is no agreement
        :param agreement: contract.contract that is renewed, may be empty
        :param customer: res.partner
        """
        company = document.company_id
        specialist = self.env["res.users"]
        for user in (agreement.user_id, customer.service_user_id):
            if user.active and not user.share and company in user.company_ids:
                specialist = user
                break
        kind = RENEW_ACTIVITY if agreement else AGREEMENT_ACTIVITY
        (agreement or document)._notify_users(
            specialist or company._aftersales_managers(), kind, mail=False, once=True
        )

    @api.model
    def _tell_declined(self, document, customer, reason):
        """Tell the managers why a customer does not renew.

        :param document: notice, call or agreement
        :param customer: res.partner
        :param str reason: as the customer gave it
        """
        document._notify_users(
            document.company_id._aftersales_managers(),
            DECLINED_ACTIVITY,
            lambda row: row.env._(
                "%(customer)s does not renew: %(reason)s",
                customer=customer.display_name,
                reason=reason,
            ),
            mail=False,
            once=True,
        )

    # === Answers in writing === #

    def _take_written_answer(self, answer, name, reason=False, day=False):
        """Keep the answer a customer gave in writing, and act on it as after a call.

        The caller has checked that the visitor may act for the customer.

        :param str answer: one of ``ANSWERS``
        :param str name: name of the person
        :param str reason: why the customer declines
        :param day: when a customer who considers is called
        :raises UserError: when something is missing or wrong, or the service has ended
        """
        self.ensure_one()
        # sudo: customers may not write notices; their answer is the only thing they may enter
        notice = self.sudo()
        company, end = notice.company_id, notice.term_end
        reason = clean_line(reason or "", limit=500)
        if answer not in dict(ANSWERS):
            raise UserError(self.env._("Choose one of the answers."))
        if notice.state in ("superseded", "withheld") or end < company._aftersales_today():
            raise UserError(self.env._("This letter can no longer be answered. Please call us."))
        if answer == "declining" and not reason:
            raise UserError(self.env._("Please tell us why."))
        if answer == "considering":
            day = notice._check_next_call(company, end, day)
        elif answer == "declining":
            day = notice._get_last_call_day(company, end)
        else:
            day = False
        name = clean_line(name or "", limit=100) or self.env._("The customer")
        if notice._is_same_answer(answer, name, reason, day):
            return
        notice._write_unlocked(
            {
                "written_answer": answer,
                "written_on": fields.Datetime.now(),
                "written_by": name,
                "written_reason": answer == "declining" and reason,
            }
        )
        labels = dict(notice._fields["written_answer"]._description_selection(notice.env))
        said = " – ".join(filter(None, (name, labels[answer], answer == "declining" and reason)))
        document = notice.contract_id or notice
        document._message_log(body=notice.env._("Answered in writing: %s", said))
        notice._plan_call_after(answer, day, said)
        if answer == "renewing":
            notice._tell_renewing(notice, notice.contract_id, notice.partner_id)
        elif answer == "declining":
            notice._tell_declined(notice, notice.partner_id, reason)

    def _is_same_answer(self, answer, name, reason, day):
        """:return: whether this answer was sent a moment ago, by a second click or after the back button"""
        again = self.written_on and fields.Datetime.now() - self.written_on < AGAIN
        if not again or answer != self.written_answer or name != self.written_by:
            return False
        if answer == "declining":
            return reason == self.written_reason
        return answer != "considering" or day in self._get_open_calls().mapped("due_date")

    def _plan_call_after(self, answer, day, said):
        """Move the open call to the day that follows from a written answer, or plan one.

        :param str answer: the answer
        :param datetime.date day: when; False where no day follows from the answer
        :param str said: what the customer wrote, for the caller
        """
        calls = self._get_open_calls()
        for call in calls:
            vals = {"note": "\n".join(filter(None, (call.note, said)))}
            if day:
                vals["due_date"] = day
            call._write_unlocked(vals)
        last = self.callback_ids[-1:]
        if not calls and day and last:
            last._open_next_call(day, said)

    # === The agreement === #

    def action_renew(self):
        """Make the agreement of a customer who renews, or open the one there is.

        :raises UserError: unless the customer wants to renew
        :raises AccessError: for users who may not make the agreement
        :return: action that opens it
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        if self.answer != "renewing":
            raise UserError(self.env._("The customer has not said that they renew."))
        if self.contract_id:
            return self.contract_id.action_renew()
        action = self.installation_ids.filtered("active")._make_agreements()
        self._withdraw_activities(AGREEMENT_ACTIVITY)
        return action
