"""Rows for models that are empty in the demo: filed forms, answered offers, a changed rule, a case without employee."""

import base64
from datetime import timedelta

from demo_work import drawn_signature

from odoo.fields import Command

PENALTY = "jinyang_aftersales_penalty"
FILED = {
    "aftersales.application": {"kind": "password", "description": "忘记管理员密码"},
    "aftersales.change.request": {
        "kind": "change",
        "title": "发货单打印二维码",
        "description": "仓库用手持机扫描",
    },
    "aftersales.visit": {"problem": "服务器更换后无法登录"},
    "aftersales.complaint": {"kind": "delay", "description": "电话无人接听", "origin": "portal"},
}
WORDS = "请尽快处理"


def make_rows(env):
    """Make the rows, by the methods that users and the portal call.

    :param odoo.api.Environment env: of a superuser, on a copy of the demo
    """
    file_forms(env)
    answer_offers(env)
    change_rules(env)
    note_strangers(env)
    receive_mail(env)
    link_people(env)
    look_at_rows(env)
    change_customers(env)
    correct_tickets(env)
    return_fines(env)
    import_ledger(env)
    take_call(env)


def get_user(env, login):
    return env["res.users"].search([("login", "=", login)]).ensure_one()


def file_forms(env):
    """A customer files one form of each kind on the portal."""
    user = get_user(env, "customer1")
    filing = env(user=user, context={**env.context, "lang": user.lang}, su=True)
    for model, values in FILED.items():

        def make(model=model, values=values):
            document = filing[model].create(
                {
                    **values,
                    "company_id": env.company.id,
                    "partner_id": user.commercial_partner_id.id,
                    "contact_id": user.partner_id.id,
                }
            )
            document._filed(WORDS)
            return document

        filing["aftersales.portal.submission"]._once(user, f"dump {model}", model, make)


def answer_offers(env):
    """One customer accepts a renewal offer, another one declines it."""
    offers = env["contract.contract"].search(
        [("agreement_stage", "=", "sent"), ("accepted_on", "=", False)], order="id", limit=2
    )
    accepted, declined = offers
    partner = accepted.partner_id.software_contact_id
    accepted._accept_offer(partner.name, drawn_signature(5).encode(), partner, "192.0.2.7")
    partner = declined.partner_id.software_contact_id
    declined._decline_offer(partner.name, "改用其他软件", partner)


def change_rules(env):
    """The director changes the amount of a rule, which keeps its former terms."""
    rule = env.ref(f"{PENALTY}.penalty_rule_lost_form")
    amount = rule.amount + 50
    rule.with_user(get_user(env, "liu.jianguo")).write({"amount": amount, "amount_max": amount})


def note_strangers(env):
    """A case of a user without an employee."""
    rule = env.ref(f"{PENALTY}.penalty_rule_remote_record")
    ticket = env["helpdesk.ticket"].search([("user_id", "!=", False)], order="id", limit=1)
    env["aftersales.penalty.exception"]._note(
        {
            "company_id": env.company.id,
            "rule_id": rule.id,
            "family": rule.family,
            "user_id": env.ref("base.user_admin").id,
            "date": env.company._aftersales_today() - timedelta(days=3),
            "evidence_model": ticket._name,
            "evidence_id": ticket.id,
            "evidence_name": ticket.display_name,
        }
    )


def receive_mail(env):
    """A mail of somebody who is no contact, which waits for its place."""
    env["mail.thread"].message_process(
        False,
        "From: stranger@example.org\nTo: nowhere@example.org\nSubject: 询价\nMessage-Id: <dump@example.org>\n"
        "Content-Type: text/plain; charset=utf-8\n\n请报价",
    )


def link_people(env):
    """Many2many tables without rows: workers of a complaint's subject, and departments of a regulation."""
    manager = get_user(env, "wang.fang")
    visit = env["aftersales.visit"].search([("signed_on", "!=", False)], limit=1)
    env["aftersales.complaint"].with_user(manager).create(
        {
            "kind": "quality",
            "description": WORDS,
            "partner_id": visit.partner_id.id,
            "contact_id": visit.contact_id.id,
            "visit_id": visit.id,
        }
    )
    env.ref("jinyang_aftersales.regulation_jinyang").copy(
        {"version": "2", "department_ids": [Command.set(manager.employee_id.department_id.ids)]}
    )


def look_at_rows(env):
    """A manager finds in order what looked evaded."""
    manager = get_user(env, "wang.fang")
    env.flush_all()
    rows = env["aftersales.review"].with_user(manager)
    rows.search([("user_id", "!=", manager.id)], limit=1).action_look("已向当事人核实，属正常情况")


def change_customers(env):
    """A customer proposes a new address, and a duplicate of it is merged; a ticket had gone along with a contact."""
    user = get_user(env, "customer1")
    customer = user.commercial_partner_id
    env["aftersales.partner.proposal"].with_user(user)._propose(customer, {"street": "新华路 8 号"})
    twin = env["res.partner"].create({"name": f"{customer.name}（重复）", "is_company": True})
    env["base.partner.merge.automatic.wizard"].create({})._merge((twin + customer).ids, customer)
    ticket = env["helpdesk.ticket"].search(
        [("commercial_partner_id", "=", customer.id)], order="id", limit=1
    )
    env["aftersales.owner.difference"]._create_unlocked(
        {
            "res_model": ticket._name,
            "res_id": ticket.id,
            "document_name": ticket.number,
            "owner_before_id": user.partner_id.id,
            "owner_after_id": customer.id,
            "source": "visit",
        }
    )


def correct_tickets(env):
    """A manager corrects by which channel a customer was served."""
    telephone = env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
    chat = env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq")
    ticket = env["helpdesk.ticket"].search(
        [("service_done_on", "!=", False), ("channel_id", "in", (telephone + chat).ids)],
        order="id",
        limit=1,
    )
    other = telephone + chat - ticket.channel_id
    manager = get_user(env, "wang.fang")
    ticket.with_user(manager).action_correct({"channel_id": other.id}, "登记时选错了渠道")


def return_fines(env):
    """A manager gives back a part of what a payslip has taken."""
    manager = get_user(env, "wang.fang")
    penalty = env["aftersales.penalty"].search(
        [
            ("state", "=", "deducted"),
            ("amount_deducted", ">", 1),
            ("employee_id", "!=", manager.employee_id.id),
        ],
        order="id",
        limit=1,
    )
    penalty.with_user(manager).action_return(1, "投诉经复核不成立，先退还一部分")


def import_ledger(env):
    """The manager takes over one customer from Excel."""
    manager = get_user(env, "wang.fang")
    product = env["product.product"].search([("aftersales_line_id", "!=", False)], limit=1)
    text = f"客户名称,联系人,手机,软件名称,序列号\n杭州导入商贸有限公司,张三,13800000001,{product.name},JY-DUMP-1\n"
    takeover = (
        env["aftersales.takeover"]
        .with_user(manager)
        .create({"file": base64.b64encode(text.encode()), "file_name": "台账.csv"})
    )
    takeover.action_check()
    takeover.action_take()


def take_call(env):
    """A new customer calls, who may be one that is known; the specialist makes it although. A word for tickets."""
    known = get_user(env, "customer1").commercial_partner_id
    intake = env["aftersales.intake"].with_user(get_user(env, "li.wei"))
    values = {"name": known.name, "contact": "赵六", "phone": "13800000002"}
    intake.create_customer(values, "dump", despite=True)
    env["helpdesk.ticket.tag"].create({"name": "年结"})
