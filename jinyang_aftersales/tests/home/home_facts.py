"""What makes a document stand on a card: the columns of its row, by role and card."""

CHANGES, CALLS, VISITS = "aftersales.change.request", "aftersales.callback", "aftersales.visit"
TICKETS, AGREEMENTS, NOTICES = "helpdesk.ticket", "contract.contract", "aftersales.renewal.notice"
ARCHIVE, SOFTWARE = "aftersales.archive.entry", "aftersales.installation"


class HomeFacts:
    """For tests with ``HomeCommon``: rows that are on a card, and late where it can be."""

    def get_facts(self, role):
        """:return: model, columns and many2many values of a row on each card of a role
        :rtype: dict[str, tuple]
        """
        return {
            "specialist": self.get_specialist_facts,
            "manager": self.get_manager_facts,
            "director": self.get_director_facts,
            "callback": self.get_callback_facts,
            "archivist": self.get_archive_facts,
            "developer": self.get_developer_facts,
            "accountant": self.get_accountant_facts,
        }[role]()

    def ticket(self, **values):
        stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        now = self.moment(0)
        return (
            TICKETS,
            {
                "stage_id": stage.id,
                "last_worked_on": now,
                "number": "*",
                "chargeable": False,
                "record_complete": False,
                **values,
            },
            {},
        )

    def owing(self, **values):
        """A ticket that owes its record since yesterday."""
        return self.ticket(
            **{"service_done_on": self.moment(-3), "record_due_date": self.days(-1)} | values
        )

    def visit(self, state, people=None, **values):
        person = people or self.specialist
        facts = {
            "state": state,
            "lead_technician_id": person.id,
            "date_planned_start": self.moment(-2),
            "date_planned_end": self.moment(-2, 12),
            **values,
        }
        return (VISITS, facts, {"technician_ids": person.ids})

    def entry(self, state="expected", **values):
        facts = {"state": state, "res_model": "*", "date_deadline": self.days(-1), **values}
        if state != "expected":
            facts |= {"name": "*", "filed_on": self.days(-1), "place": "*"}
        return (ARCHIVE, facts, {})

    def change(self, state, **values):
        return (CHANGES, {"state": state, "date_promised": self.days(-1), **values}, {})

    def agreement(self, **values):
        facts = {
            "is_service_agreement": True,
            "agreement_stage": "signed",
            "agreement_amount": 100.25,
            "payment_due_date": self.days(-1),
            **values,
        }
        return (AGREEMENTS, facts, {})

    def software(self, end):
        days = {"service_date_start": self.days(-300), "service_date_end": self.days(end)}
        return (SOFTWARE, {**days, "serial_number": "*", "serial_state": "valid"}, {})

    def call(self, **values):
        facts = {"state": "todo", "kind": "visit", "res_model": "res.partner", **values}
        return (CALLS, {"due_date": self.days(-1), **facts}, {})

    def complaint(self, **values):
        facts = {
            "state": "investigating",
            "date_received": self.days(0),
            "date_deadline": self.days(-1),
            "kind": "quality",
            **values,
        }
        return ("aftersales.complaint", facts, {})

    def approval(self, user):
        self.env["aftersales.approval"].flush_model()
        rows = self.put("aftersales.approval", 1, decision="pending", res_model="*")
        kind = self.env.ref("jinyang_aftersales.mail_activity_approval")
        return (
            "mail.activity",
            {
                "user_id": user.id,
                "approval_id": rows.id,
                "date_deadline": self.days(-1),
                "activity_type_id": kind.id,
                "res_id": 1,
                "res_model": SOFTWARE,
                "res_model_id": self.env["ir.model"]._get_id(SOFTWARE),
            },
            {},
        )

    def get_specialist_facts(self):
        user = self.specialist.id
        return {
            "tickets_open": self.ticket(),
            "tickets_today": self.ticket(date_promised=self.days(-1)),
            "tickets_record": self.owing(service_done_by_id=user),
            "tickets_forgotten": self.ticket(last_worked_on=self.moment(-40)),
            "visits_open": self.visit("approved"),
            "visits_unanswered": self.visit("approved", answer_due_date=self.days(-1)),
            "visits_forms": self.visit("feedback", feedback_due_date=self.days(-1)),
            "originals_mine": self.entry(holder_id=user),
            "changes_to_confirm": self.change("submitted", submitted_on=self.moment(-3)),
            "changes_to_test": self.change("testing", confirmed_by_id=user),
            "applications_to_execute": (
                "aftersales.application",
                {"state": "approved", "kind": "password", "execution_due_date": self.days(-1)},
                {},
            ),
            "questions_mine": self.ticket(question_due_date=self.days(-1)),
            "complaints_mine": self.complaint(create_uid=user),
            "service_expiring": self.software(3),
            "service_expired": self.software(-3),
            "agreements_to_renew": self.agreement(term_end=self.days(5)),
            "agreements_unpaid": self.agreement(),
            "offers_open": self.agreement(agreement_stage="sent"),
            "month_served": self.ticket(
                service_done_by_id=user, service_done_on=self.months(0, True), record_complete=True
            ),
            "month_visits": self.visit("done", returned_on=self.months(0, True)),
        }

    def get_manager_facts(self):
        user = self.specialist.id
        return {
            "approvals": self.approval(self.manager),
            "questions_open": self.call(outcome="waiting", state="escalated"),
            "complaints_open": self.complaint(),
            "proposals_open": ("aftersales.partner.proposal", {"state": "open"}, {}),
            "reviews": self.visit("approved", answer_due_date=self.days(-1)),
            "team_open": self.ticket(),
            "team_nobody": self.ticket(user_id=None, create_date=self.moment(-3)),
            "team_forgotten": self.ticket(last_worked_on=self.moment(-40)),
            "team_records": self.owing(service_done_by_id=user),
            "team_visits": self.visit("approved"),
            "team_unserviced": self.ticket(chargeable=True),
            "team_out": self.visit(
                "approved",
                date_planned_start=self.moment(0, 0),
                date_planned_end=self.moment(0, 23),
            ),
            "team_tomorrow": self.visit(
                "approved", date_planned_start=self.moment(1), date_planned_end=self.moment(1, 12)
            ),
            **self.get_agreement_month_facts(),
            "changes_week": self.change("development"),
            "calls_overdue": self.call(),
            "service_expired_all": self.software(-3),
            "originals_overdue": self.entry(),
            "projects_overdue": (
                "aftersales.implementation",
                {"state": "running", "date_end": self.days(-1), "lead_engineer_id": user},
                {},
            ),
            "suggestions": self.suggestion(),
            "mails_unplaced": ("aftersales.unplaced.mail", {"state": "open"}, {}),
        }

    def suggestion(self):
        employee = self.env["hr.employee"].create({"name": "E", "company_id": self.company.id})
        facts = {"state": "submitted", "employee_id": employee.id, "kind": "suggestion"}
        return ("aftersales.suggestion", facts, {})

    def get_agreement_month_facts(self):
        first = self.months(0)
        return {
            "agreements_expected": self.agreement(term_end=first),
            "agreements_signed": self.agreement(signed_on=first),
            "agreements_paid": self.agreement(paid_on=first),
            "agreements_unpaid_all": self.agreement(),
        }

    def get_director_facts(self):
        first = self.months(0, True)
        closed = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        return {
            "approvals": self.approval(self.director),
            "complaints_open": self.complaint(),
            "regulations_to_release": ("aftersales.regulation", {"state": "draft"}, {}),
            "month_tickets": self.ticket(create_date=first),
            "month_services": self.owing(service_done_on=first, service_done_by_id=self.manager.id),
            "month_closed": self.ticket(stage_id=closed.id, closed_date=first),
            "month_returned": self.visit("done", returned_on=first),
            "month_calls": self.call(state="done", result="reached", called_on=first),
            "month_complaints": self.complaint(date_received=self.months(0)),
            **self.get_agreement_month_facts(),
        }

    def get_callback_facts(self):
        user = self.callback.id

        def notice(**values):
            facts = {"state": "print", "notice_date": self.days(-1), **values}
            # one a term
            return (NOTICES, {"term_end": lambda mark: self.days(-mark), **facts}, {})

        return {
            "calls_due": self.call(user_id=user),
            "calls_unreachable": self.call(user_id=None, attempt_count=2),
            "calls_week": self.call(user_id=user, due_date=self.days(0)),
            "forms_to_receive": self.visit("feedback", feedback_due_date=self.days(-1)),
            "letters_to_send": notice(),
            "letters_failed": notice(state="pending", fail_count=1),
            "answers_considering": notice(state="sent", answer="considering"),
            "mails_unplaced": ("aftersales.unplaced.mail", {"state": "open"}, {}),
        }

    def get_archive_facts(self):
        user = self.archivist.id
        return {
            "originals_to_file": self.entry(holder_id=user),
            "originals_week": self.entry(),
            "originals_overdue": self.entry(holder_id=self.specialist.id),
            "originals_lent": self.entry(
                "on_loan", loan_due_date=self.days(-1), loan_to_id=self.manager.id
            ),
            "originals_without_scan": self.entry("filed"),
        }

    def get_developer_facts(self):
        user = self.developer.id
        return {
            "changes_mine": self.change("testing", developer_id=user),
            "changes_back": self.change("development", developer_id=user, test_round=1),
            "changes_to_estimate": self.change("approved", developer_id=user, estimated_hours=0),
            "changes_nobody": self.change("approved", developer_id=None),
        }

    def get_accountant_facts(self):
        # all of them are of invoices, which come from signed agreements
        return {}
