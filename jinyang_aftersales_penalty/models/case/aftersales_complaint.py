from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.jinyang_aftersales.models.complaint.values import HALF_YEAR

from ..rule.values import SANCTIONS

ATTITUDE, OFTEN = "ATTITUDE", "COMPLAINT_3"
# 七.2: three complaints (三次) are a case
MANY = 3
# 七.1: kinds of complaints that are a case, by family; 七.2 counts each kind
KINDS = {ATTITUDE: ("attitude",)}


class AftersalesComplaint(models.Model):
    """七.1, 七.2: penalties for a confirmed complaint about attitude, and for the third one within half a year.

    The third complaint itself is the case of 七.2. When an outcome is revised, penalties that are not decided yet are
    cancelled; for decided ones the managers get an activity.
    """

    _inherit = "aftersales.complaint"

    def _after_outcome(self, previous):
        result = super()._after_outcome(previous)
        # sudo: users who decide about complaints may lack rights on penalties
        complaint = self.sudo()
        if complaint.outcome:
            complaint._follow_outcome()
        elif previous == "confirmed":
            complaint._tell_reopened()
        return result

    def action_cancel(self, reason):
        result = super().action_cancel(reason)
        for complaint in self.sudo():
            complaint._follow_outcome()
        return result

    def _is_confirmed(self):
        self.ensure_one()
        return self.outcome == "confirmed" and self.state in ("answered", "closed")

    def _follow_outcome(self):
        """Propose the penalties of the complaint, and review the other confirmed ones about the same employees."""
        self.ensure_one()
        cases = self._get_of_complaint("aftersales.penalty")
        sanctions = self._get_of_complaint("aftersales.sanction")
        waiting = self._get_of_complaint("aftersales.penalty.exception")
        concerned = (
            self.employee_id
            | cases.filtered(lambda row: row.state != "cancelled").employee_id
            | sanctions.filtered(lambda row: row.state != "withdrawn").employee_id
            | waiting.filtered(lambda row: row.state == "waiting").employee_id
        )
        self._queue_up(concerned)
        for employee in concerned:
            others = self.sudo().search(
                [
                    ("employee_id", "=", employee.id),
                    ("outcome", "=", "confirmed"),
                    ("id", "!=", self.id),
                ],
                order="date_received, id",
            )
            for complaint in self + others.filtered(lambda row: row._is_confirmed()):
                complaint._judge(employee)
        if self.reopen_count:
            self._tell_of_taken_back()

    @api.model
    def _queue_up(self, employees):
        """Let complaints about one employee be judged one after the other.

        Two transactions that decide complaints at the same time would both count theirs as the first one. Each
        writes the same row of the employee, so that PostgreSQL refuses the later one and Odoo retries it.

        :param employees: hr.employee
        """
        if employees:
            self.env.execute_query(
                SQL(
                    "UPDATE hr_employee SET write_date = write_date WHERE id IN %s RETURNING id",
                    tuple(sorted(employees.ids)),
                )
            )

    def _judge(self, employee):
        """Propose the penalties and sanctions a complaint now leads to, and take back the others.

        :param employee: hr.employee
        """
        wanted = self._get_wanted_rules(employee)
        for code, family in (("ATTITUDE_1", ATTITUDE), ("ATTITUDE_2", ATTITUDE), (OFTEN, OFTEN)):
            if code not in wanted and not self._is_settled(family, employee):
                self._take_back(code, family, employee)
        for code in wanted:
            self._propose_of_complaint(code, employee)

    def _is_settled(self, family, employee):
        """Whether what was decided about a complaint from before the rule began stays, because it is still confirmed.

        :param str family: family of the rules
        :param employee: hr.employee
        :rtype: bool
        """
        same = self._is_confirmed() and self.employee_id == employee
        return same and self.kind in KINDS.get(family, (self.kind,)) and not self._has_begun(family)

    def _get_wanted_rules(self, employee):
        """Codes of the rules that apply to the complaint.

        :rtype: list[str]
        """
        if not self._is_confirmed() or self.employee_id != employee:
            return []
        wanted = []
        if self.kind == "attitude" and self._has_begun(ATTITUDE):
            wanted.append("ATTITUDE_1" if self._is_first(employee) else "ATTITUDE_2")
        if self._has_begun(OFTEN) and self._count_so_far(employee) >= MANY:
            wanted.append(OFTEN)
        return wanted

    def _count_so_far(self, employee):
        """Number of confirmed complaints of the half-year up to this one; those of one day are ordered by id.

        :param employee: hr.employee
        :rtype: int
        """
        later = Domain("date_received", "=", self.date_received) & Domain("id", ">", self.id)
        half_year = Domain("date_received", ">", self.date_received - HALF_YEAR)
        return self._count(
            employee, self.date_received, half_year & self._get_begun_domain(OFTEN) & ~later
        )

    def _has_begun(self, family):
        """:return: whether rules of a family had begun when the complaint was received"""
        begin = self.env["aftersales.penalty.rule"]._get_begin(family, self.company_id)
        return bool(begin and begin <= self.date_received)

    def _get_begun_domain(self, family):
        """Complaints that count for a family of rules: a rule counts none from before it began.

        :param str family: family of the rules
        :rtype: Domain
        """
        begin = self.env["aftersales.penalty.rule"]._get_begin(family, self.company_id)
        return Domain("date_received", ">=", begin) if begin else Domain.FALSE

    def _is_first(self, employee):
        """七.1 初次: whether this is the employee's first complaint since the rule began.

        The first one is the complaint already punished as such, else the confirmed one received first.
        """
        confirmed = self.search(
            self._get_begun_domain(ATTITUDE)
            & Domain("employee_id", "=", employee.id)
            & Domain("kind", "=", "attitude")
            & Domain("outcome", "=", "confirmed")
            & Domain("state", "in", ("answered", "closed")),
            order="date_received, id",
        )
        punished = self.env["aftersales.penalty"].search(
            [
                ("employee_id", "=", employee.id),
                ("rule_id.code", "=", "ATTITUDE_1"),
                ("state", "!=", "cancelled"),
                ("evidence_model", "=", self._name),
                ("evidence_id", "in", confirmed.ids),
            ],
            order="id",
            limit=1,
        )
        first = punished.evidence_id or confirmed[:1].id
        return self.id == first

    # === Proposing === #

    def _propose_of_complaint(self, code, employee):
        rules = self.env["aftersales.penalty.rule"]
        company = self.company_id
        terms = rules._get_terms(code, company, self.date_received)
        if not terms:
            return
        penalties = self.env["aftersales.penalty"]
        copy = self._describe_complaint(employee, code)
        fine = penalties._prepare_terms(terms)["amount"]
        if fine:
            penalties._propose(
                code,
                employee,
                self,
                company,
                date=self.date_received,
                evidence_name=self.name,
                evidence_copy=copy,
            )
        kind = SANCTIONS.get(terms.outcome)
        if kind:
            self.env["aftersales.sanction"]._propose_sanction(
                employee,
                kind,
                terms.rule,
                self,
                copy,
                company,
                date=self.date_received,
                evidence_name=self.name,
                evidence_copy=copy,
            )

    def _describe_complaint(self, employee, code):
        """Description of the case, stored with the penalty: the facts an employee needs for an objection.

        :param employee: hr.employee
        :param str code: code of the rule
        :rtype: str
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        label = {
            name: self._fields[name]._description_string(self.env)
            for name in ("kind", "date_received", "partner_id", "employee_id", "description")
        }
        model = self.env["ir.model"]._get(self._name)
        facts = [
            (model.name, self.name),
            (label["kind"], kinds.get(self.kind)),
            (label["date_received"], self.date_received),
            (label["partner_id"], self.partner_id.display_name),
            (label["employee_id"], employee.name),
        ]
        if code != OFTEN:
            facts.append((label["description"], self.description))
        text = self.env["aftersales.penalty"]._say_facts(facts)
        if code == OFTEN:
            count = self._count_so_far(employee)
            text += "\n" + self.env._("Confirmed within half a year: %s", count)
        return text

    # === Taking back === #

    def _get_of_complaint(self, model, family=None, employee=None):
        """Penalties or sanctions of the complaint.

        :param str model: ``aftersales.penalty`` or ``aftersales.sanction``
        """
        domain = [("evidence_model", "=", self._name), ("evidence_id", "=", self.id)]
        if family:
            domain.append(("family", "=", family))
        if employee:
            domain.append(("employee_id", "=", employee.id))
        return self.env[model].sudo().search(domain)

    def _take_back(self, code, family, employee):
        reason = self.env._("The outcome of %s was revised.", self.name)
        penalties = self._get_of_complaint("aftersales.penalty", family, employee)
        penalties.filtered(lambda row: row.rule_id.code == code)._refute(reason)
        waiting = self._get_of_complaint("aftersales.penalty.exception", family, employee)
        waiting.filtered(
            lambda row: row.state == "waiting" and row.rule_id.code == code
        )._drop_waiting(reason)
        sanctions = self._get_of_complaint("aftersales.sanction", family, employee)
        for sanction in sanctions.filtered(lambda row: row.rule_id.code == code):
            if sanction.state == "proposed":
                sanction._decide("action_withdraw", reason)
            elif sanction.state in ("decided", "handed"):
                sanction._tell_directors(reason)

    def _tell_of_taken_back(self):
        """Tell those who decide that a complaint whose penalty was taken back is confirmed again.

        A case is proposed only once, so that a second proposal has to be entered by hand.
        """
        wanted = self._get_wanted_rules(self.employee_id)
        note = self.env._(
            "%s is confirmed after all. Enter a case by hand if it is one.", self.name
        )
        for model, state, tell in (
            ("aftersales.penalty", "cancelled", lambda row: row._tell_deciding(note)),
            ("aftersales.sanction", "withdrawn", lambda row: row._tell_directors(note)),
        ):
            rows = self._get_of_complaint(model, employee=self.employee_id)
            for row in rows.filtered(lambda row, state=state: row.state == state):
                if row.rule_id.code in wanted:
                    tell(row)

    def _tell_reopened(self):
        """Ask those who decide about the penalties to wait, because the complaint is investigated again."""
        note = self.env._("%s is investigated once more: wait for its outcome.", self.name)
        penalties = self._get_of_complaint("aftersales.penalty")
        penalties.filtered(
            lambda row: row.state in ("proposed", "notified", "objected", "confirmed")
        )._tell_deciding(note)
        for sanction in self._get_of_complaint("aftersales.sanction"):
            if sanction.state in ("proposed", "decided"):
                sanction._tell_directors(note)
