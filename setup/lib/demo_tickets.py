"""Tickets of the demo company with their service records."""

from datetime import datetime, time, timedelta

from demo_clock import frozen
from demo_texts import RECORDS, TICKETS

from odoo.fields import Command

ADDON = "jinyang_aftersales"
TICKET_COUNT = 150


class DemoTickets:
    """Tickets of the demo's year."""

    def make_tickets(self):
        """Tickets of every category over the year, most of them done."""
        # no mails: those of the past year count as sent
        tickets = self.env["helpdesk.ticket"].with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "客户服务组",
                "user_ids": [Command.set(self.specialists.ids)],
                "company_id": self.company.id,
            }
        )
        stage = {
            name: self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
            for name in ("new", "in_progress", "awaiting", "done", "cancelled")
        }
        channels = [
            self.env.ref(f"{ADDON}.helpdesk_ticket_channel_qq"),
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone"),
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web"),
            # tickets of visits are made by the visits
            self.env.ref(f"{ADDON}.helpdesk_ticket_channel_walk_in"),
        ]
        moments = {}
        for number in range(TICKET_COUNT):
            category, title, text = TICKETS[number % len(TICKETS)]
            installation = self.random.choice(self.installations[:-1])
            age = int(365 * (number / TICKET_COUNT) ** 2)
            opened = datetime.combine(self.today, time(1)) - timedelta(
                days=age, minutes=-self.random.randint(0, 480)
            )
            opened = min(opened, datetime.utcnow() - timedelta(minutes=30))
            ticket = tickets.create(
                {
                    "name": title,
                    "description": text,
                    "partner_id": self.random.choice(installation.partner_id.child_ids).id,
                    "installation_id": installation.id,
                    "category_id": self.env.ref(f"{ADDON}.helpdesk_ticket_category_{category}").id,
                    "channel_id": self.random.choice(channels).id,
                    "team_id": team.id,
                    "user_id": installation.user_id.id if age or number % 3 else False,
                    "priority": self.random.choices("0123", (2, 8, 3, 1))[0],
                }
            )
            name = "done" if age > 12 else ("new", "in_progress", "awaiting", "done")[number % 4]
            if age > 12 and number % 23 == 0:
                name = "cancelled"
            if name == "done":
                self.fill_record(ticket, opened)
            ticket.stage_id = stage[name]
            moments[ticket] = opened
        self.backdate(moments)

    def fill_record(self, ticket, opened):
        """Write the service record of a ticket, with the executed application it needs.

        :param ticket: helpdesk.ticket
        :param datetime opened: when it came in
        """
        values = dict(RECORDS[ticket.record_type])
        if ticket.record_type == "bug":
            values["date_promised"] = opened.date() + timedelta(days=self.random.randint(5, 20))
        if ticket.record_type in ("data_clearing", "password"):
            with frozen(self.env, opened):
                self.execute_application(ticket, opened)
        # bugs create a program change when their ticket is saved, dated by the frozen clock
        with frozen(self.env, opened):
            ticket.write(values)
        if ticket.record_type == "change":
            self.link_change(ticket, opened)

    def execute_application(self, ticket, opened):
        """The stamped application of a ticket, approved by the manager and executed by the specialist."""
        clearing = ticket.record_type == "data_clearing"
        specialist = ticket.installation_id.user_id or self.specialists[0]
        manager = self.users("group_manager", but="group_director")[0]
        application = (
            self.env["aftersales.application"]
            .with_user(specialist)
            .create(
                {
                    "kind": ticket.record_type,
                    "partner_id": ticket.commercial_partner_id.id,
                    "contact_id": ticket.contact_id.id,
                    "installation_id": ticket.installation_id.id,
                    "ticket_id": ticket.id,
                    "date": opened.date(),
                    "description": RECORDS["data_clearing"]["data_to_clear"]
                    if clearing
                    else "找回系统管理员密码",
                    "user_id": specialist.id,
                    "original_holder_id": specialist.id,
                }
            )
        )
        application.action_submit()
        application.with_user(manager).action_approve("同意，先做备份" if clearing else "同意")
        if clearing:
            application.write(
                {"tool_used": RECORDS["data_clearing"]["tool_used"], "backup_taken": True}
            )
        else:
            application.write(
                {"contact_told_id": ticket.contact_id.id, "verified_how": "回拨公司座机核实"}
            )
        application.action_execute()

    def backdate(self, opened):
        """Move the tickets' dates of creation, which Odoo has set to now, to the past.

        :param dict opened: ``{ticket: naive UTC}``
        """
        rows = []
        for number, (ticket, moment) in enumerate(opened.items()):
            closed = done = recorded = None
            answered = moment + timedelta(minutes=self.random.randint(5, 120))
            worked = answered
            if ticket.closed:
                done = moment + timedelta(hours=self.random.randint(1, 30))
                recorded = done + timedelta(hours=self.random.choice((0, 0, 1, 2, 5, 20, 40)))
                closed = worked = recorded
            elif ticket.stage_id.unattended:
                answered = None
            elif number % 3 == 0:
                # service done, but the record was not completed
                done = moment + timedelta(hours=3)
            else:
                worked = max(
                    moment, datetime.utcnow() - timedelta(hours=self.random.randint(2, 90))
                )
            if ticket.closed and not ticket.record_complete:
                done = recorded = None
            rows.append(
                (ticket.id, moment, moment + timedelta(minutes=20), closed)
                + (closed or moment, answered, done, recorded, worked or moment)
            )
        self.env.flush_all()
        self.env.cr.executemany(
            "UPDATE helpdesk_ticket SET create_date = v.opened, assigned_date = v.assigned,"
            " closed_date = v.closed, last_stage_update = v.moved, first_response_on = v.answered,"
            " service_done_on = v.done, record_completed_on = v.recorded, last_worked_on = v.worked"
            f" FROM (VALUES (%s{', %s::timestamp' * 8})) AS v"
            " (id, opened, assigned, closed, moved, answered, done, recorded, worked)"
            " WHERE helpdesk_ticket.id = v.id",
            rows,
        )
        self.env.invalidate_all()
        tickets = self.env["helpdesk.ticket"].browse([ticket.id for ticket in opened])
        for name in (
            "service_done_by_id",
            "service_done_mode",
            "record_due_date",
            "first_response_hours",
            "record_hours",
        ):
            self.env.add_to_compute(tickets._fields[name], tickets)
        self.env.flush_all()
