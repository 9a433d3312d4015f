"""Visits, call-backs, working days and originals of the demo company."""

import base64
import io
from datetime import datetime, timedelta

from demo_clock import frozen
from demo_texts import APPLICATIONS, CALLS, QUESTIONS, USAGE_NOTES, VISITS
from PIL import Image, ImageDraw

from odoo.exceptions import UserError
from odoo.fields import Datetime

ADDON = "jinyang_aftersales"
# days from today, state the visit has reached
VISIT_PLAN = (
    *((-days, "received") for days in (150, 118, 96, 75, 61, 48, 33, 26)),
    *((-days, "signed") for days in (5, 2)),
    (-9, "cancelled"),
    (-12, "refused"),
    (0, "on_site"),
    (0, "approved"),
    (1, "approved"),
    (1, "approved"),
    (2, "approved"),
    (3, "submitted"),
    (3, "submitted"),
    (4, "submitted"),
    (6, "submitted"),
    (7, "draft"),
    (9, "draft"),
)
TRIPS = (3, 16)
# visits of the company that customer1 works for: one of the past, one to come
OF_CUSTOMER_1 = (5, 14)


def drawn_signature(number):
    """A drawn signature, PNG in base64."""
    image = Image.new("RGB", (360, 120), "white")
    draw = ImageDraw.Draw(image)
    points = [(30 + 12 * x, 60 + ((x * 37 + number * 13) % 61) - 30) for x in range(26)]
    draw.line(points, fill="black", width=4, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class DemoWork:
    """Visits, call-backs and originals of the demo's year."""

    def make_work(self):
        """Applications, visits, changes, calls and originals; calls are made about what came before."""
        self.make_applications()
        self.make_visits()
        self.make_changes()
        self.make_routine_calls()
        self.make_calls()
        self.make_archive()

    def at(self, days, hour, minute=0):
        """A time of a day in the company's time zone, as naive UTC.

        :param int days: from today
        :param int hour: on Shanghai's clock
        """
        return self.company._aftersales_moment(
            self.today + timedelta(days=days), hour + minute / 60
        )

    def load_holidays(self):
        """Public holidays and make-up days of last, this and next year, as far as they are known."""
        wizard = self.env["aftersales.holiday.load"].with_user(self.managers[0])
        for year in (self.today.year - 1, self.today.year, self.today.year + 1):
            loading = wizard.create({"company_id": self.company.id, "year": year})
            try:
                loading.action_load()
            except UserError as error:
                print(f"holidays of {year}: {error}")
                if year <= self.today.year:
                    # cases of unknown years would not be found
                    loading.action_confirm_none()

    # -- applications ----------------------------------------------------------------------------

    def make_applications(self):
        """Make applications without a ticket: some wait for the manager, some for their execution."""
        for number, (kind, text, goal) in enumerate(APPLICATIONS):
            # the first one is that of customer1
            installation = self.installations[number * 9 + 4 if number else 1]
            specialist = self.specialists[number % len(self.specialists)]
            manager = self.managers[number % len(self.managers)]
            application = (
                self.env["aftersales.application"]
                .with_user(specialist)
                .create(
                    {
                        "kind": kind,
                        "partner_id": installation.partner_id.id,
                        "contact_id": installation.partner_id.child_ids[:1].id,
                        "installation_id": installation.id,
                        "description": text,
                        "user_id": specialist.id,
                        "original_holder_id": specialist.id,
                    }
                )
            )
            if goal != "draft":
                application.action_submit()
            if goal == "approved":
                application.with_user(manager).action_approve("同意")
            if goal == "refused":
                application.with_user(manager).action_refuse("申请未加盖公章，请客户补盖后重新提交")

    # -- visits ----------------------------------------------------------------------------------

    def make_visits(self):
        """Visits in every state; those of the past went through all of them."""
        self.visits = []
        installations = [row for row in self.installations if row.partner_id.child_ids]
        for number, (days, goal) in enumerate(VISIT_PLAN):
            installation = installations[(number * 7) % len(installations)]
            if number in OF_CUSTOMER_1:
                installation = self.installations[1]
            specialist = self.specialists[number % len(self.specialists)]
            # planned at least three days before the visit
            asked = min(days - 3, -1)
            # this morning's requests wait for the managers
            moment = self.at(0, 0, number) if goal == "submitted" else self.at(asked, 10, number)
            with frozen(self.env, moment):
                visit = self.plan_visit(number, days, installation, specialist)
                if goal != "draft":
                    visit.action_submit()
            if goal not in ("draft", "submitted"):
                self.decide_visit(visit, number, asked, goal)
            if goal in ("received", "signed", "on_site"):
                self.work_visit(visit, number, days, goal)
            self.visits.append(visit)

    def plan_visit(self, number, days, installation, specialist):
        """A visit as the specialist plans it."""
        problem = VISITS[number % len(VISITS)][0]
        contact = installation.partner_id.child_ids[0]
        hour = 9 + number % 3 * 2
        values = {
            "partner_id": installation.partner_id.id,
            "contact_id": contact.id,
            "installation_id": installation.id,
            "user_id": specialist.id,
            "problem": problem,
            "date_planned_start": self.at(days, hour),
            "date_planned_end": self.at(days, hour + 2),
            "arrival_agreed_with_id": contact.id,
            "technician_ids": [(6, 0, specialist.ids)],
            "lead_technician_id": specialist.id,
        }
        if number in TRIPS:
            values |= {
                "is_trip": True,
                "destination": installation.partner_id.city,
                "transport": "train",
                "trip_date_start": self.today + timedelta(days=days - 1),
                "trip_date_end": self.today + timedelta(days=days + 1),
            }
        return self.env["aftersales.visit"].with_user(specialist).create(values)

    def decide_visit(self, visit, number, asked, goal):
        """The manager's signature, or a refusal."""
        manager = self.managers[number % len(self.managers)]
        with frozen(self.env, self.at(asked, 15)):
            if goal == "refused":
                visit.with_user(manager).action_refuse("该问题可以远程处理，请先安排远程服务")
                return
            visit.with_user(manager).action_approve("同意")
            if goal == "cancelled":
                visit.action_cancel("客户改期")

    def work_visit(self, visit, number, days, goal):
        """The steps on the day of the visit."""
        _problem, result, opinion = VISITS[number % len(VISITS)]
        hour = 9 + number % 3 * 2
        now = datetime.utcnow()
        with frozen(self.env, min(self.at(days, hour - 1), now - timedelta(hours=3))):
            visit.action_leave()
        with frozen(self.env, min(self.at(days, hour), now - timedelta(hours=2))):
            visit.action_arrive()
        if goal == "on_site":
            return
        with frozen(self.env, self.at(days, hour + 2)):
            visit.write(
                {
                    "result": result,
                    "customer_opinion": opinion,
                    "score_attitude": str(5 - number % 2),
                    "score_skill": str(5 - number % 3),
                    "score_result": str(4 + number % 2),
                    "signed_by_name": visit.contact_id.name,
                    "customer_signature": drawn_signature(number),
                }
            )
            visit.action_sign()
        with frozen(self.env, self.at(days + (1 if visit.is_trip else 0), 17)):
            visit.action_return()
            if goal == "received":
                self.close_visit(visit, result)

    def close_visit(self, visit, result):
        """The service record is filled in, the form goes to the call-back desk."""
        visit.ticket_id.write(
            {
                "category_id": self.env.ref(f"{ADDON}.helpdesk_ticket_category_other").id,
                "solution": result,
            }
        )
        visit.ticket_id.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        visit.action_done()
        if not visit.feedback_received_on:
            visit.with_user(self.callers[0]).action_receive_feedback()

    # -- call-backs ------------------------------------------------------------------------------

    def make_routine_calls(self):
        """Give some customers routine calls by the specialist in charge: half were called, the others are due."""
        calls = self.env["aftersales.callback"]
        regular = self.customers[::6]
        called, due = regular[::2], regular[1::2]
        for customer in called:
            customer.callback_interval_days = 90
        with frozen(self.env, self.at(-40, 8)):
            calls._create_routine(self.company, self.today - timedelta(days=40))
        made = calls.search([("kind", "=", "routine"), ("state", "=", "todo")], order="id")
        for number, call in enumerate(made):
            with frozen(self.env, self.at((call.due_date - self.today).days, 15, number)):
                call.with_user(call.user_id).action_record(
                    "reached",
                    note=CALLS[number % len(CALLS)],
                    scores={"score_attitude": 5, "score_software": 5 - number % 2},
                    usage=[
                        {
                            "installation_id": row.id,
                            "usage_state": "normal",
                            "usage_note": USAGE_NOTES["normal"],
                        }
                        for row in call.installation_ids
                    ],
                )
        for customer in due:
            customer.callback_interval_days = 90

    def make_calls(self):
        """Record the calls about visits and changes: with scores, with questions, not reached; leave some for today."""
        caller = self.callers[0]
        calls = self.env["aftersales.callback"].search(
            [("kind", "in", ("visit", "change")), ("state", "=", "todo")], order="due_date, id"
        )
        past = calls.filtered(lambda call: call.due_date < self.today)
        # the newest question waits for the managers, those before were answered
        newest = past[-2:-1]
        for number, call in enumerate(past.with_user(caller)):
            day = (call.due_date - self.today).days
            with frozen(self.env, self.at(day, 10, number % 60)):
                call.user_id = caller
                if call.id == past[-1].id:
                    call.action_record("unreachable", note="无人接听")
                    continue
                call.action_record(
                    "reached",
                    note=CALLS[number % len(CALLS)],
                    scores={
                        "score_attitude": 5 - number % 2,
                        "score_skill": 4 + number % 2,
                        "score_result": 5 - number % 3,
                        "score_software": 4,
                    },
                    open_question=QUESTIONS[number // 8 % len(QUESTIONS)]
                    if number % 8 == 0 or call.id == newest.id
                    else False,
                )
        self.answer_questions(calls.filtered(lambda call: call.state == "escalated"))

    def answer_questions(self, calls):
        """The managers hand the questions of customers to a specialist, who answers; the newest waits for a manager.

        :param calls: escalated call-backs, by day
        """
        manager, specialist, caller = self.managers[0], self.specialists[0], self.callers[0]
        for call in calls[:-1]:
            day = (call.due_date - self.today).days
            with frozen(self.env, self.at(day, 14)):
                ticket = call.with_user(manager).action_assign(specialist)
            with frozen(self.env, self.at(day, 16)):
                self.finish_ticket(ticket.with_user(specialist), "已远程处理，并电话告知客户")
            second = call.child_ids
            if second and second.due_date < self.today:
                with frozen(self.env, self.at((second.due_date - self.today).days, 10)):
                    second.with_user(caller).action_record("reached", note="客户说已经解决")

    def finish_ticket(self, ticket, solution):
        """Fill in the record of a service, and close it."""
        ticket.write(
            {
                "category_id": self.env.ref(f"{ADDON}.helpdesk_ticket_category_other").id,
                "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").id,
                "solution": solution,
            }
        )
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")

    # -- originals -------------------------------------------------------------------------------

    def make_archive(self):
        """File, lend and lose some originals; the others stay expected."""
        archivist = self.archivists[0]
        entries = self.env["aftersales.archive.entry"].search(
            [("state", "=", "expected")], order="date_deadline, id"
        )
        # copies of agreements that nobody has recorded yet stay with the specialists
        entries = entries.with_user(archivist).filtered(lambda entry: not entry.filing_gap)
        for number, entry in enumerate(entries[: len(entries) * 7 // 8]):
            moment = self.company._aftersales_moment(entry.date_deadline or self.today, 11)
            with frozen(self.env, min(moment, Datetime.now())):
                entry.action_receive()
                entry.place = f"{'ABC'[number % 3]}柜 {number % 5 + 1}层 {number + 1:02}号"
                entry.action_file()
        filed = entries.filtered(lambda entry: entry.state == "filed")
        for entry in filed[1:3]:
            entry.action_lend(
                self.specialists[0].id, self.today + timedelta(days=7), "客户核对原件"
            )
        for entry in (entries - filed)[:1]:
            entry.action_lose("快递途中遗失，已联系客户补盖章")
