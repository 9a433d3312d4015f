"""Renewal notices of the demo's past months: by mail, fax and post, each with what the customer answered."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from demo_clock import frozen
from demo_texts import LOST_REASONS

NOTICE = "aftersales.renewal.notice"
SAID = {
    "renewing": "续签，请尽快寄协议",
    "considering": "要等总经理出差回来再定",
    "declining": "",
}
# calls that follow from one another: considering, then the answer, then the last call before the end
ROUNDS = 5


class DemoNotices:
    """Notices of the demo's year, and the calls about them."""

    def make_notices(self, fates):
        """Make the notices of past months on their days, send them, and call the customers.

        :param dict fates: answer of a customer by agreement; the others have not decided, or let the service end
        """
        self.fates = fates
        ends = {row.service_date_end for row in self.installations if row.active}
        period = relativedelta(months=self.company.aftersales_notice_months)
        for day in sorted({end - period for end in ends}):
            # the last ones are left to the job of today
            if day < self.today - timedelta(days=3):
                self.call_customers(day)
                self.send_notices(day)
        self.call_customers(self.today)
        self.read_reasons()

    def send_notices(self, day):
        """The notices of one day: mailed, or faxed or posted where the customer has no address or wants paper.

        :param datetime.date day: a past day
        """
        notices = self.env[NOTICE].with_context(tracking_disable=True)
        with frozen(self.env, self.company._aftersales_moment(day, 9)):
            notices._create_due(self.company, day)
            notices._send_pending(self.company, day)
        with frozen(self.env, self.company._aftersales_moment(day, 10)):
            mailed = notices.search([("state", "=", "sent"), ("told_on", "=", False)])
            mailed.mail_id.write({"state": "sent"})
            caller = self.callers[0]
            for notice in notices.search([("state", "=", "print")]).with_user(caller):
                notice._record_dispatch(self.prepare_dispatch(notice.sudo()))

    def prepare_dispatch(self, notice):
        """Where a letter on paper went, and the proof of it."""
        if notice.partner_id.letter_channel == "fax":
            return {"channel": "fax", "proof": f"传真报告 {notice.name}：已送达"}
        waybill = f"SF{self.random.randint(10**11, 10**12 - 1)}"
        address = notice.partner_id._get_letter_target("post") or notice.partner_id.name
        return {"channel": "post", "sent_to": address, "proof": f"顺丰速运 {waybill}"}

    # -- answers ---------------------------------------------------------------------------------

    def call_customers(self, before):
        """Make the renewal calls that were due before a day, with those that follow from them.

        :param datetime.date before: that day
        """
        calls = self.env["aftersales.callback"].with_user(self.callers[0])
        open_calls = [
            ("kind", "=", "renewal"),
            ("state", "=", "todo"),
            ("due_date", "<", before),
        ]
        for _round in range(ROUNDS):
            due = calls.search(open_calls, order="due_date, id")
            for day, of_day in due.grouped("due_date").items():
                with frozen(self.env, self.company._aftersales_moment(day, 11)):
                    for call in of_day:
                        self.ask_customer(call)

    def read_reasons(self):
        """The managers have read why customers of past months did not renew."""
        kind = self.env.ref("jinyang_aftersales.mail_activity_renewal_declined")
        before = self.today - timedelta(days=5)
        told = [("activity_type_id", "=", kind.id), ("date_deadline", "<", before)]
        for day, tasks in self.env["mail.activity"].search(told).grouped("date_deadline").items():
            with frozen(self.env, self.company._aftersales_moment(day, 17)):
                for task in tasks:
                    task.with_user(task.user_id).action_feedback()

    def ask_customer(self, call):
        """One renewal call: some customers are reached at the second attempt only."""
        if not call.attempt_count and call.id % 6 == 0:
            call.action_record("unreachable", note="无人接听")
            return
        today = self.company._aftersales_today()
        end = call.notice_id.term_end or today
        answer = self.fates.get(call.contract_id)
        if not answer:
            last = call.renewal_round > 1 and end < self.today
            answer = "declining" if last else "considering"
        day = call.notice_id._get_last_day_to_consider(self.company, end)
        values = {"note": SAID[answer]}
        if answer == "considering":
            values["next_call_on"] = min(max(today + timedelta(days=10), today), day)
        elif answer == "declining":
            values["decline_reason"] = LOST_REASONS[call.id % len(LOST_REASONS)]
        call.action_record("reached", answer=answer, **values)
