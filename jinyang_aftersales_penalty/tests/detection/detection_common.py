"""Set-up of the tests of the daily search: visits and tickets at given times, and the search of a day.

Import the module, not the class; it holds no test itself.
"""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.addons.jinyang_aftersales.tests.visit import visit_common

from .. import penalty_common

# a Thursday, ten in the morning in Shanghai
THURSDAY = datetime(2026, 11, 19, 2, 0)


class DetectionCommon(visit_common.VisitCommon, penalty_common.PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.begin_rules("2026-01-01")
        clock = freeze_time(THURSDAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.penalties = cls.env["aftersales.penalty"]
        cls.search_model = cls.env["aftersales.penalty.detection"]

    @classmethod
    def penalty_rule(cls, code):
        return cls.env.ref(f"jinyang_aftersales_penalty.penalty_rule_{code.lower()}")

    @classmethod
    def make_ticket(cls, done=THURSDAY, user=None, complete=None, **values):
        """A remote ticket with the time of its service, and that of its complete record, if it has one.

        :param datetime.datetime done: naive UTC
        :param datetime.datetime complete: naive UTC
        """
        values = {
            "name": "报表不平",
            "description": "x",
            "partner_id": cls.customer.id,
            "category_id": cls.env.ref("jinyang_aftersales.helpdesk_ticket_category_need").id,
            "channel_id": cls.env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq").id,
            "user_id": (user or cls.specialist).id,
            "company_id": cls.company.id,
            **values,
        }
        with freeze_time(done):
            ticket = cls.env["helpdesk.ticket"].with_user(cls.specialist).create(values)
            ticket.action_service_done()
            cls.env.flush_all()
        if complete:
            cls.complete_ticket(ticket, complete)
        return ticket

    @classmethod
    def complete_ticket(cls, ticket, moment):
        with freeze_time(moment):
            ticket.write({"need": "移动审批", "contact_id": cls.contact.id, "department": "财务部"})
            cls.env.flush_all()
        assert ticket.record_complete

    @classmethod
    def returned_visit(cls, back, complete=None, **values):
        """A visit of two hours with the time of its return, and that of its complete record, if it has one.

        :param datetime.datetime back: naive UTC
        """
        start = back - timedelta(hours=4)
        with freeze_time(start - timedelta(days=1)):
            visit = cls.make_visit(state="approved", start=start, **values)
        with freeze_time(start - timedelta(hours=1)):
            visit.action_leave()
        with freeze_time(start):
            visit.action_arrive()
        with freeze_time(back):
            visit.write(cls.feedback())
            visit.action_sign()
            visit.action_return()
            cls.env.flush_all()
        if complete:
            with freeze_time(complete):
                cls.complete(visit)
                cls.env.flush_all()
        return visit

    @classmethod
    def finished_project(cls, day=None):
        """An implementation of the specialist that ended on that Thursday; its forms are due on Sunday.

        :param str day: the end, entered now; today by default
        """
        project = cls.env["aftersales.implementation"].create(
            {
                "partner_id": cls.customer.id,
                "product_id": cls.make_software().id,
                "company_id": cls.company.id,
                "engineer_ids": [(6, 0, cls.specialist.ids)],
                "date_start": date(2026, 11, 18),
                "date_end": date(2026, 11, 19),
            }
        )
        project.action_start()
        project.action_finish(day)
        cls.env.flush_all()
        return project

    def detect_daily(self, day):
        """Run the step of the job, as it runs once on a day.

        :param str day: noon in Shanghai
        """
        with freeze_time(f"{day} 04:00:00"):
            today = self.company._aftersales_today()
            self.assertFalse(self.search_model._detect_daily(self.company, today))

    def detect(self, moment):
        """Run the search at a time, without its limit of once a day.

        :param datetime.datetime moment: naive UTC, or a day as text, for noon in Shanghai
        :return: the new penalties
        """
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment) + timedelta(hours=4)
        before = self.penalties.search([])
        errors = []
        with freeze_time(moment):
            for source in self.search_model._get_sources():
                self.search_model._detect(
                    self.company, self.company._aftersales_today(), source, errors
                )
        self.assertFalse(errors)
        return self.penalties.search([]) - before
