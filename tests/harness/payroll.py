"""Wages and penalties for the tests of races, journeys and the uninstallation."""

from datetime import date

from dateutil.relativedelta import relativedelta

RULE = "jinyang_aftersales_penalty.penalty_rule_misconduct"


def this_month(env):
    """:return: first day of the company's present month"""
    return env.company._aftersales_today().replace(day=1)


def new_structure(env):
    """A minimal salary structure: basic wage, gross, penalties and net.

    :rtype: hr.payroll.structure
    """
    category, rules = env["hr.salary.rule.category"], env["hr.salary.rule"]
    lines = env.ref("jinyang_aftersales_penalty.salary_rule_penalty")
    for code, name, sequence, python in (
        ("BASIC", "基本工资", 1, "contract.wage"),
        ("GROSS", "应发工资", 100, "categories.BASIC"),
        ("NET", "实发工资", 200, "categories.BASIC + categories.DED"),
    ):
        lines |= rules.create(
            {
                "name": name,
                "code": code,
                "sequence": sequence,
                "category_id": category.create({"name": name, "code": code}).id,
                "condition_select": "none",
                "amount_select": "code",
                "amount_python_compute": f"result = {python}",
            }
        )
    return env["hr.payroll.structure"].create(
        {"name": "月薪", "code": "MONTH", "parent_id": False, "rule_ids": lines.ids}
    )


def release_regulation(env, department):
    """Put the shipped regulation in force for a department, since the day on which the rules of the tests begin."""
    regulation = env.ref("jinyang_aftersales.regulation_jinyang")
    if regulation.state == "draft":
        regulation.department_ids = department
        day = date(2020, 1, 1)
        regulation._write_unlocked(
            {"state": "released", "date_effective": day, "released_on": f"{day} 04:00:00"}
        )
    return regulation


def new_worker(env, structure, user=None, name="李伟", wage=6000.0):
    """An employee of the service department whose contract began a year ago, and who was reminded of the regulation.

    :rtype: hr.employee
    """
    departments = env["hr.department"]
    department = departments.search([("name", "=", "售后服务部")]) or departments.create(
        {"name": "售后服务部"}
    )
    employee = env["hr.employee"].create(
        {"name": name, "user_id": user and user.id, "department_id": department.id}
    )
    env["aftersales.regulation.reminder"]._create_unlocked(
        {
            "regulation_id": release_regulation(env, department).id,
            "employee_id": employee.id,
            "reminded_on": date(2020, 1, 1),
        }
    )
    begin = this_month(env) - relativedelta(years=1)
    employee.version_id.write(
        {
            "date_version": begin,
            "contract_date_start": begin,
            "wage": wage,
            "struct_id": structure.id,
        }
    )
    return employee


def new_penalty(env, employee, amount=50.0):
    """A confirmed penalty without an objection.

    :rtype: aftersales.penalty
    """
    env.company.aftersales_objection_days = 0
    # as a user, because the superuser may not decide
    penalties = env["aftersales.penalty"].with_user(env.ref("base.user_admin"))
    env.ref(RULE).amount_max = 1000000
    penalty = penalties._create_unlocked(
        {"employee_id": employee.id, "rule_id": env.ref(RULE).id, "amount": amount}
    )
    penalty.action_notify()
    penalty.sudo()._write_unlocked({"objection_deadline": date(2020, 1, 1)})
    penalty.action_confirm()
    return penalty.with_env(env)


def new_slip(env, employee, months=0):
    """A draft payslip of a month.

    :param int months: after the present one
    :rtype: hr.payslip
    """
    first = this_month(env) + relativedelta(months=months)
    version = employee.version_id
    return env["hr.payslip"].create(
        {
            "name": "工资单",
            "employee_id": employee.id,
            "contract_id": version.id,
            "struct_id": version.struct_id.id,
            "date_from": first,
            "date_to": first + relativedelta(months=1, days=-1),
            "company_id": env.company.id,
        }
    )
