"""What the demo company's people have caught up with by today: everybody has a handful of tasks left lying."""

from demo_clock import frozen

from odoo.fields import Domain


class DemoCatchUp:
    """Work that was done late: after the search for penalties, which has found it."""

    def catch_up(self):
        """Do what is overdue for more than a working day; the newest tasks stay."""
        before = self.company._aftersales_previous_working_day(self.today, 1)
        moment = self.company._aftersales_moment(before, 17)
        overdue = Domain("company_id", "=", self.company.id)
        visits = self.env["aftersales.visit"].search(
            overdue & Domain("state", "=", "feedback") & Domain("record_due_date", "<", before)
        )
        for visit in visits:
            with frozen(self.env, moment):
                self.close_visit(visit.with_user(visit.lead_technician_id), visit.result)
        tickets = self.env["helpdesk.ticket"].search(
            overdue
            & Domain("record_due_date", "<", before)
            & Domain("record_complete", "=", False)
            & Domain("service_done_on", "!=", False)
        )
        for ticket in tickets:
            self.fill_record(ticket, moment)
            with frozen(self.env, moment):
                ticket.department = ticket.department or "财务部"
        entries = self.env["aftersales.archive.entry"].search(
            overdue & Domain("state", "=", "expected") & Domain("date_deadline", "<", before)
        )
        for number, entry in enumerate(entries.with_user(self.archivists[0])):
            with frozen(self.env, moment):
                entry.action_receive()
                entry.place = f"C柜 1层 {number + 1:02}号"
                entry.action_file()
