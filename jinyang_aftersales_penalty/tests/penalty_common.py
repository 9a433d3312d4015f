"""Shared set-up of the penalty tests: an employee with a wage and a salary structure, penalties and payslips.

Import the module, not the class; it holds no test itself.
"""

from dateutil.relativedelta import relativedelta

from odoo.addons.jinyang_aftersales.tests import common

from . import ground

# base64 of a minimal PDF
RECEIPT = "JVBERi0xLjQKJSVFT0Y="


class PenaltyCommon(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.begin_rules("2020-01-01")
        cls.department = ground.get_department(cls.env, cls.company)
        cls.regulation = ground.get_regulation(cls.env, cls.company)
        # the regulation names no amount: the director has set one
        cls.limit_fine("MISCONDUCT", 100000)
        cls.structure = ground.get_structure(cls.env, cls.company)
        cls.rule = cls.env.ref("jinyang_aftersales_penalty.salary_rule_penalty")
        cls.month = cls.company._aftersales_today().replace(day=1)
        cls.worker = cls.make_employee(cls.specialist)
        cls.payroll = ground.get_payroll(cls.env, cls.company)

    @classmethod
    def begin_rules(cls, day, *codes):
        """Set the first day of rules by SQL.

        :param str day: ``2026-01-01``
        :param codes: only these rules
        """
        rules = cls.env["aftersales.penalty.rule"].with_context(active_test=False).search([])
        rules = rules.filtered(lambda rule: not codes or rule.code in codes)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE aftersales_penalty_rule SET date_from = %s WHERE id = ANY(%s)",
            (day, rules.ids),
        )
        rules.invalidate_recordset()

    @classmethod
    def limit_fine(cls, code, amount):
        """Set the highest fine of a rule by SQL, as if it had always been so."""
        rule = cls.env.ref(f"jinyang_aftersales_penalty.penalty_rule_{code.lower()}")
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE aftersales_penalty_rule SET amount_max = %s WHERE id = %s", (amount, rule.id)
        )
        rule.invalidate_recordset()

    @classmethod
    def make_employee(cls, user=None, wage=6000.0, **values):
        """An employee whose contract began a year ago, and who has acknowledged the regulation."""
        employee = cls.env["hr.employee"].create(
            {
                "name": (user.name if user else None) or "Worker",
                "user_id": user and user.id,
                "company_id": cls.company.id,
                "department_id": cls.department.id,
                **values,
            }
        )
        begin = cls.month - relativedelta(years=1)
        employee.version_id.write(
            {
                "date_version": begin,
                "contract_date_start": begin,
                "wage": wage,
                "struct_id": cls.structure.id,
            }
        )
        if employee.company_id == cls.company:
            ground.acknowledge(cls.regulation, employee)
        return employee

    @classmethod
    def make_contract(cls, employee, day, wage):
        """Add a contract from a day on; the one before ends the day before.

        Payslips compute versions of one contract once, by the latest one, but each contract by itself.

        :param datetime.date day: its first day
        """
        last = employee.version_ids.sorted("date_version")[-1]
        last.contract_date_end = day - relativedelta(days=1)
        return employee.create_version(
            {
                "date_version": day,
                "contract_date_start": day,
                "contract_date_end": False,
                "wage": wage,
                "struct_id": cls.structure.id,
            }
        )

    @classmethod
    def make_penalty(
        cls, amount=50.0, employee=None, confirmed=True, code="MISCONDUCT", by=None, **values
    ):
        """A penalty, made without the checks of a case that is entered.

        ``confirmed=True`` takes the steps of notice and decision.

        :param float amount: in CNY
        :param employee: hr.employee, ``cls.worker`` by default
        :param by: res.users who proposes and decides, ``cls.manager`` by default
        """
        penalty = (
            cls.env["aftersales.penalty"]
            .with_user(by or cls.manager)
            ._create_unlocked(
                {
                    "employee_id": (employee or cls.worker).id,
                    "rule_id": cls.env.ref(
                        f"jinyang_aftersales_penalty.penalty_rule_{code.lower()}"
                    ).id,
                    "amount": amount,
                    "company_id": cls.company.id,
                    # damage needs a proof
                    **({"scan": RECEIPT} if code == "DAMAGE" and confirmed else {}),
                    **values,
                }
            )
        )
        if confirmed:
            cls.company.aftersales_objection_days = 0
            penalty.action_notify()
            # the time to object is over
            penalty.sudo()._write_unlocked(
                {"objection_deadline": cls.month - relativedelta(days=1)}
            )
            penalty.action_confirm()
        return penalty

    @classmethod
    def make_slip(cls, employee=None, months=0, compute=True, **values):
        """A payslip of a month.

        :param int months: after the present one
        """
        employee = employee or cls.worker
        first = cls.month + relativedelta(months=months)
        slip = cls.env["hr.payslip"].create(
            {
                "name": "Payslip",
                "employee_id": employee.id,
                "contract_id": employee.version_id.id,
                "struct_id": cls.structure.id,
                "date_from": first,
                "date_to": first + relativedelta(months=1, days=-1),
                "company_id": cls.company.id,
                **values,
            }
        )
        if compute:
            slip.compute_sheet()
        return slip
