"""Records of every model of the addon about one employee, and a user for each role that could try to read them.

Import the module, not the class; it holds no test itself.
"""

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from ...models.payroll.hr_payslip import CODE
from .. import penalty_common

# mark in all texts that only entitled users may read
SECRET = "Zw7-SECRET"
REFUSED = (AccessError, UserError, ValidationError)


class LeakCommon(penalty_common.PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_roles()
        cls._make_penalties()
        cls._make_sanctions()
        cls._make_regulation()
        cls._make_rules()
        cls._make_exceptions()
        cls._make_rows()
        cls.env.flush_all()

    @classmethod
    def _make_roles(cls):
        # without a department, so that its head gains no rights
        cls.make_employee(cls.employee, department_id=False)
        cls.make_employee(cls.colleague)
        other = cls.make_company()
        cls.roles = {
            "concerned": cls.specialist,
            "plain": cls.employee,
            "other": cls.colleague,
            "manager": cls.manager,
            "director": cls.director,
            "callback": cls.callback,
            "archivist": cls.archivist,
            "developer": cls.developer,
            "payroll_user": cls.make_user("officer", "payroll.group_payroll_user"),
            "payroll_manager": cls.payroll,
            "hr": cls.make_user("hr", "hr.group_hr_manager"),
            "portal": new_test_user(cls.env, "aftersales_portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
            "elsewhere": cls.make_user(
                "elsewhere",
                "jinyang_aftersales.group_director,payroll.group_payroll_manager",
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            ),
        }

    @classmethod
    def _make_penalties(cls):
        texts = {"evidence_name": SECRET, "evidence_copy": SECRET, "note": SECRET}
        # made before the others, so that its payslip only takes this one
        deducted = cls.make_penalty(50, **texts)
        slip = cls.make_slip().with_user(cls.payroll)
        slip.action_payslip_done()
        objected = cls.make_penalty(30, confirmed=False, **texts)
        cls.company.aftersales_objection_days = 5
        objected.action_notify()
        objected.with_user(cls.specialist).action_object(SECRET)
        proposed = cls.make_penalty(20, confirmed=False, **texts)
        # a penalty of the manager, not notified yet
        boss = cls.make_employee(cls.manager)
        own = cls.make_penalty(20, employee=boss, confirmed=False, by=cls.director, **texts)
        for penalty in deducted | objected | proposed | own:
            penalty.with_user(cls.director).message_post(body=SECRET)
            cls._attach(penalty)
        cls.records = {
            "deducted": deducted,
            "objected": objected,
            "proposed": proposed,
            "manager's": own,
            "deduction": slip.sudo().deduction_ids,
            "fund": cls.env["aftersales.fund"].search([("company_id", "=", cls.company.id)]),
        }
        cls.records["fund move"] = cls.records["fund"].move_ids
        # the months of the fund are an SQL view: read them anew
        cls.env.invalidate_all()
        cls.records["fund month"] = cls.records["fund"].month_ids
        cls.slip = slip
        cls.records["payslip line"] = slip.sudo().line_ids.filtered(lambda row: row.code == CODE)
        cls.records["payslip input"] = slip.sudo().input_line_ids

    @classmethod
    def _attach(cls, record):
        cls.env["ir.attachment"].sudo().create(
            {
                "name": SECRET,
                "raw": SECRET.encode(),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    @classmethod
    def _make_sanctions(cls):
        rule = cls.env.ref("jinyang_aftersales_penalty.penalty_rule_misconduct")
        for state in ("proposed", "decided", "handed"):
            sanction = (
                cls.env["aftersales.sanction"]
                .with_user(cls.manager)
                .create(
                    {
                        "employee_id": cls.worker.id,
                        "kind": "warning",
                        "rule_id": rule.id,
                        "reason": SECRET,
                        "evidence_copy": SECRET,
                        "company_id": cls.company.id,
                    }
                )
            )
            decider = sanction.with_user(cls.director)
            if state != "proposed":
                decider.action_decide(SECRET)
            if state == "handed":
                decider.action_hand_over(cls.roles["hr"].id)
            decider.message_post(body=SECRET)
            cls._attach(sanction)
            cls.records[f"sanction {state}"] = sanction

    @classmethod
    def _make_regulation(cls):
        regulations = cls.env["aftersales.regulation"].with_user(cls.director)
        vals = {
            "title": "Regulation",
            "text": "<p>Text</p>",
            "company_id": cls.company.id,
            "department_ids": [Command.set(cls.department.ids)],
            "clause_ids": [
                Command.create({"number": clause.number, "text": clause.text})
                for clause in cls.regulation.clause_ids
            ],
        }
        cls.records["regulation draft"] = regulations.create({**vals, "version": "2"})
        released = regulations.create({**vals, "version": "1"})
        released.action_release()
        released.with_user(cls.specialist).action_acknowledge()
        cls.records["regulation"] = released
        cls.records["acknowledgement"] = released.sudo().acknowledgement_ids
        for state in ("draft", "submitted"):
            suggestion = (
                cls.env["aftersales.suggestion"]
                .with_user(cls.specialist)
                .create({"subject": SECRET, "text": SECRET})
            )
            if state == "submitted":
                suggestion.action_submit()
            cls.records[f"suggestion {state}"] = suggestion

    @classmethod
    def _make_rules(cls):
        cls.records["shared rule"] = cls.env.ref(
            "jinyang_aftersales_penalty.penalty_rule_lost_form"
        )
        rule = cls.env["aftersales.penalty.rule"].create(
            {
                "code": "LAST_OUT",
                "family": "LAST_OUT",
                "clause": "三.5",
                "name": "Light left on",
                "amount": 25,
                "company_id": cls.company.id,
                "date_from": cls.month - relativedelta(months=1),
            }
        )
        rule = rule.with_user(cls.manager)
        rule.amount = 30
        cls.records["rule"] = rule
        cls.records["former terms"] = rule.sudo().change_ids

    @classmethod
    def _make_exceptions(cls):
        penalties = cls.env["aftersales.penalty"].sudo()
        evidence = cls.make_customer()
        for name, user in (("exception", cls.archivist), ("manager's exception", cls.manager)):
            terms = cls.env["aftersales.penalty.rule"]._get_terms(
                "LOST_FORM", cls.company, cls.company._aftersales_today()
            )
            cls.env["aftersales.penalty.exception"]._note(
                {
                    **penalties._prepare_terms(terms),
                    "company_id": cls.company.id,
                    "user_id": user.id,
                    "date": cls.company._aftersales_today(),
                    "evidence_model": evidence._name,
                    "evidence_id": evidence.id,
                    "evidence_name": SECRET,
                    "evidence_copy": SECRET,
                }
            )
            case = cls.env["aftersales.penalty.exception"].search([("user_id", "=", user.id)])
            case.with_user(cls.director).message_post(body=SECRET)
            cls._attach(case)
            cls.records[name] = case

    @classmethod
    def _make_rows(cls):
        """Dependent rows of a case: a delay and a reminder."""
        proposed = cls.records["proposed"].with_user(cls.director)
        today = cls.company._aftersales_today()
        proposed.action_announce_delay("proposal", today + relativedelta(days=5), SECRET)
        of_penalty = [("res_model", "=", proposed._name), ("res_id", "=", proposed.id)]
        cls.records["delay"] = cls.env["aftersales.delay"].search(of_penalty)
        cls.records["reminder"] = (
            cls.env["aftersales.reminder"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "res_model": proposed._name,
                    "res_id": proposed.id,
                    "kind": "proposal",
                    "date_deadline": today,
                }
            )
        )

    def as_role(self, role, record):
        """:return: the record, as a role sees it in the company it works for"""
        user = self.roles[role]
        return record.with_env(
            self.env(user=user, su=False, context={"allowed_company_ids": user.company_ids.ids})
        )

    def attempt(self, function):
        """:return: the result of a call, None when it is refused"""
        try:
            with self.cr.savepoint():
                return function()
        except REFUSED:
            return None

    def look(self, function):
        """:return: the result of a call that only reads, None when it is refused or raises another error"""
        try:
            return function()
        except (*REFUSED, ValueError):
            return None
