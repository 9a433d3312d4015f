"""Common records of the penalty tests, in addition to those of core: payroll user, department, salary structure."""

from datetime import datetime, time, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time

from odoo.addons.jinyang_aftersales.tests import ground

find_or_make = ground.find_or_make


def get_payroll(env, company):
    """:return: the payroll officer of the company"""
    return find_or_make(
        env,
        "user_payroll",
        lambda: ground.make_user(env, company, "payroll", "payroll.group_payroll_manager"),
    )


def get_department(env, company):
    """:return: the service department"""
    return find_or_make(
        env,
        "department",
        lambda: env["hr.department"].create({"name": "After-Sales", "company_id": company.id}),
    )


def get_regulation(env, company):
    """:return: the version of the regulation in force, for the service department, with the clauses of all rules"""
    return find_or_make(env, "regulation", lambda: release_regulation(env, company))


def release_regulation(env, company):
    """A version that the director released on the first day on which the rules of the tests hold."""
    rules = env["aftersales.penalty.rule"].with_context(active_test=False).search([])
    numbers = sorted({number for rule in rules for number in rule._get_numbers()})
    director = ground.get_person(env, company, "director")
    regulation = (
        env["aftersales.regulation"]
        .with_company(company)
        .create(
            {
                "title": "Service Regulation",
                "version": "1",
                "text": "<p>Be on time</p>",
                "company_id": company.id,
                "department_ids": [Command.set(get_department(env, company).ids)],
                "clause_ids": [
                    Command.create({"number": number, "text": f"Clause {number}"})
                    for number in numbers
                ],
            }
        )
    )
    with freeze_time(f"{ground.DUTIES_SINCE} 04:00:00"):
        regulation.with_user(director).action_release()
    return regulation


def acknowledge(regulation, employee):
    """Let an employee acknowledge the version on the day after its release, also one without a user."""
    day = regulation.date_effective + timedelta(days=1)
    regulation.env["aftersales.regulation.acknowledgement"]._create_unlocked(
        {
            "regulation_id": regulation.id,
            "employee_id": employee.id,
            "acknowledged_on": datetime.combine(day, time(4)),
        }
    )


def get_structure(env, company):
    """:return: the salary structure"""
    return find_or_make(env, "structure", lambda: make_structure(env, company))


def make_structure(env, company, **values):
    """A minimal salary structure: basic wage, gross, penalties and net."""
    category = env["hr.salary.rule.category"]
    rules = env["hr.salary.rule"]
    codes = {
        code: category.create({"name": code, "code": code, "company_id": company.id})
        for code in ("BASIC", "GROSS", "NET")
    }

    def rule(code, sequence, python):
        return rules.create(
            {
                "name": code.capitalize(),
                "code": code,
                "sequence": sequence,
                "category_id": codes[code].id,
                "company_id": company.id,
                "condition_select": "none",
                "amount_select": "code",
                "amount_python_compute": f"result = {python}",
            }
        )

    lines = rule("BASIC", 1, "contract.wage")
    lines |= rule("GROSS", 100, "categories.BASIC")
    lines |= env.ref("jinyang_aftersales_penalty.salary_rule_penalty")
    lines |= rule("NET", 200, "categories.BASIC + categories.DED")
    return env["hr.payroll.structure"].create(
        {
            "name": "Monthly Wage",
            "code": "MONTH",
            "company_id": company.id,
            "parent_id": False,
            "rule_ids": lines.ids,
            **values,
        }
    )


def prepare(env):
    """Make all common records that are missing.

    :param odoo.api.Environment env: of the superuser; the caller commits
    :return: the environment of the company
    """
    env = ground.prepare(env)
    company = ground.get_company(env)
    with ground.cheap_passwords():
        get_payroll(env, company)
    get_department(env, company)
    get_regulation(env, company)
    get_structure(env, company)
    return env
