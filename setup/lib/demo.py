"""Fills the demo database and runs its jobs; called by setup/demo.

Usage: demo.py CONF PASSWORD_FILE MARK [--build] [--passwords]

With ``--build`` the database, a fresh copy of one with the addons, becomes the demo company; a comment on the database
(MARK) says so in the same transaction. With ``--passwords`` everybody gets the one in the file. Then the scheduled jobs
of our addons and the mail queue run once. Meanwhile the pages are served, because PDFs fetch their styles from there.
"""

import contextlib
import logging
import sys
import uuid
from pathlib import Path

import psycopg2.extensions
from bundles import compile_bundles
from demo_penalties import make_penalties
from demo_year import catch_up, make_year

from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

_logger = logging.getLogger("jinyang.demo")

LANG, TZ = "zh_CN", "Asia/Shanghai"
ADDONS = ("jinyang_aftersales", "jinyang_aftersales_penalty")
MAIL_DOMAIN = "jinyang.example"
MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"

# head of each department
DEPARTMENTS = {
    "服务部": "liu.jianguo",
    "开发部": "wu.tao",
    "行政部": "zhou.jie",
    "财务部": "xu.ling",
    "人事部": "zheng.hua",
    "销售部": "he.xin",
}
# login, name, post, department, groups
STAFF = [
    ("liu.jianguo", "刘建国", "服务总监", "服务部", "jinyang_aftersales.group_director"),
    ("wang.fang", "王芳", "服务经理", "服务部", "jinyang_aftersales.group_manager"),
    ("zhao.gang", "赵刚", "服务经理", "服务部", "jinyang_aftersales.group_manager"),
    ("li.wei", "李伟", "服务专员", "服务部", "jinyang_aftersales.group_user"),
    ("zhang.min", "张敏", "服务专员", "服务部", "jinyang_aftersales.group_user"),
    ("chen.jing", "陈静", "服务专员", "服务部", "jinyang_aftersales.group_user"),
    ("sun.li", "孙丽", "回访专员", "服务部", "jinyang_aftersales.group_callback"),
    ("wu.tao", "吴涛", "开发人员", "开发部", "jinyang_aftersales.group_developer"),
    ("zhou.jie", "周洁", "行政专员", "行政部", "jinyang_aftersales.group_archivist"),
    ("xu.ling", "徐玲", "会计", "财务部", "account.group_account_manager"),
    (
        "zheng.hua",
        "郑华",
        "人事经理",
        "人事部",
        "hr.group_hr_manager,payroll.group_payroll_manager,"
        "hr_attendance.group_hr_attendance_manager,hr_holidays.group_hr_holidays_manager",
    ),
    ("he.xin", "何欣", "销售代表", "销售部", "base.group_user"),
]


def make_company(env):
    """Turn the one company of the database into the demo company, with the Chinese chart of accounts."""
    company = env.ref("base.main_company")
    china = env.ref("base.cn")
    company.partner_id.write(
        {
            "name": "金洋软件服务有限公司",
            "street": "上地信息路 8 号 5 层",
            "city": "北京",
            "state_id": env.ref("base.state_cn_BJ").id,
            "zip": "100085",
            "country_id": china.id,
            "phone": "010-5550 0188",
            "email": f"service@{MAIL_DOMAIN}",
            "website": f"https://www.{MAIL_DOMAIN}",
            "lang": LANG,
            "tz": TZ,
        }
    )
    company.name = company.partner_id.name
    # the year of the demo lies before the day of the installation
    company._write_unlocked({"aftersales_duties_since": "2020-01-01"})
    # replies need a domain with a catch-all address
    company.alias_domain_id = env["mail.alias.domain"].create({"name": MAIL_DOMAIN})
    env.ref("base.CNY").active = True
    env["account.chart.template"].try_loading("cn", company=company, install_demo=False)
    company.write({"currency_id": env.ref("base.CNY").id, "account_fiscal_country_id": china.id})
    company.resource_calendar_id.write({"name": "标准工时（每周 40 小时）", "tz": TZ})


def make_staff(env):
    """Make a user and an employee for everybody in ``STAFF``, in Chinese and on Shanghai time."""
    env["ir.default"].set("res.partner", "lang", LANG)
    env.ref("base.user_admin").partner_id.write(
        {
            "name": "系统管理员",
            "function": "系统管理员",
            "lang": LANG,
            "tz": TZ,
            "email": f"admin@{MAIL_DOMAIN}",
        }
    )
    env.ref("hr.employee_admin").name = "系统管理员"
    # the author of what jobs do: its address is example.com in a new database
    env.ref("base.partner_root").write({"email": f"service@{MAIL_DOMAIN}", "lang": LANG, "tz": TZ})
    users = env["res.users"].create(
        [
            {
                "login": login,
                "name": name,
                "email": f"{login}@{MAIL_DOMAIN}",
                "function": post,
                "lang": LANG,
                "tz": TZ,
                # the chat that greets a new user covers a phone
                "odoobot_state": "disabled",
                "group_ids": [Command.set([env.ref(group).id for group in groups.split(",")])],
            }
            for login, name, post, _department, groups in STAFF
        ]
    )
    user_of = {user.login: user for user in users}
    departments = {name: env["hr.department"].create({"name": name}) for name in DEPARTMENTS}
    for login, _name, post, department, _groups in STAFF:
        user_of[login].action_create_employee()
        user_of[login].employee_id.write(
            {
                "department_id": departments[department].id,
                "job_title": post,
                "work_email": user_of[login].email,
            }
        )
    for name, head in DEPARTMENTS.items():
        departments[name].manager_id = user_of[head].employee_id


def quiet(env):
    """Prevent contact with the outside (update check of Odoo, digest mails), and give the database its own secrets."""
    env.ref("mail.ir_cron_module_update_notification").active = False
    env["digest.digest"].search([]).action_deactivate()
    env["ir.config_parameter"].set_param("digest.default_digest_emails", False)
    # a copied database has the secrets of the one it was copied from
    for name in ("database.secret", "database.uuid"):
        env["ir.config_parameter"].set_param(name, str(uuid.uuid4()))


def send_old_mails(env):
    """Mark mails of past days as sent: each went out on its day."""
    before = env.company._aftersales_moment(env.company._aftersales_today(), 0)
    mails = env["mail.mail"].search([("state", "=", "outgoing"), ("date", "<", before)])
    mails.mail_message_id.notification_ids.write({"notification_status": "sent"})
    mails.write({"state": "sent"})


# The order matters: the year of the company needs its staff, penalties are found before the work is done late.
STEPS = (
    quiet,
    make_company,
    make_staff,
    make_year,
    make_penalties,
    catch_up,
    send_old_mails,
)


def set_passwords(env, password):
    """Set the password of this demo for all users who can sign in, staff and customers."""
    users = env["res.users"].search([])
    # One hash for all users is fast, and the direct write sends no mails about changed passwords.
    encrypted = users._crypt_context().hash(password)
    for user in users:
        user._set_encrypted_password(user.id, encrypted)


def mark(env, text):
    """Mark the database as a finished demo by a comment, in the transaction that builds it."""
    name = psycopg2.extensions.quote_ident(env.cr.dbname, env.cr._cnx)
    env.cr.execute(f"COMMENT ON DATABASE {name} IS %s", [text])


def build(env, text):
    """Make the demo out of a database that only contains the addons.

    :param str text: the mark of a finished demo
    """
    for step in STEPS:
        _logger.info("demo: %s", step.__name__)
        step(env)
    compile_bundles(env)
    mark(env, text)


def run_jobs(env):
    """Run the scheduled jobs of our addons once, then the mail queue.

    :return: names of jobs that failed
    :rtype: list[str]
    """
    jobs = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "in", ADDONS)], order="id"
    )
    failed = []
    for job in env["ir.cron"].browse(jobs.mapped("res_id")).exists() + env.ref(MAIL_QUEUE):
        _logger.info("job: %s", job.name)
        if job.method_direct_trigger() is not True:
            failed.append(job.name)
    return failed


@contextlib.contextmanager
def serving():
    """Context manager: answer HTTP requests in this process."""
    from odoo.http import root

    server.load_server_wide_modules()
    threaded = server.ThreadedServer(root)
    threaded.http_spawn()
    yield
    threaded.httpd.shutdown()


def main(conf, password_file, text, *options):
    """Build and set passwords if asked to, then run the jobs."""
    config.parse_config(["-c", conf], setup_logging=True)
    registry = Registry(config["db_name"][0])
    context = {"lang": LANG, "tz": TZ, "no_reset_password": True}
    with serving():
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, context)
            if "--build" in options:
                build(env, text)
            if "--passwords" in options:
                set_passwords(env, Path(password_file).read_text().strip())
        with registry.cursor() as cr:
            failed = run_jobs(api.Environment(cr, api.SUPERUSER_ID, context))
    return f"failed: {', '.join(failed)}" if failed else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
