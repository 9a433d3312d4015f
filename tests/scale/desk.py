"""The desk: tickets, customers, software and agreements against the OCA addons that ours are built on."""

import os

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import SQL

from scale.copies import company_names, copy_rows, settle
from scale.rig import Row
from scale.screen import Screen

TITLE = "Desk"
COUNT = int(os.environ.get("BENCH_ROWS", 100_000))
BATCH = 1000
CLOSED = 200
# agreements that end within the notice's days
DUE = 3 * COUNT // 100
RECORD = {
    "report_name": "资产负债表",
    "question": "不平",
    "analysis": "期初余额有误",
    "solution": "更正期初",
    "department": "财务部",
}


def fill(side):
    """As many customers with a contact, tickets and agreements in both; software and periods in ours."""
    env = side.env
    user = _make_user(side)
    customer = env["res.partner"].create(
        {"name": "Seed", "is_company": True, "email": "office@example.cn"}
    )
    contact = env["res.partner"].create({"name": "Seed 2", "parent_id": customer.id})
    first = _copy_customers(customer, contact)
    owner = f"({first} + n - 1)"
    product = _make_product(side)
    side.facts = {
        "user": user.id,
        "first": first,
        "product": product.id,
        "ticket": _copy_tickets(side, user, customer, owner),
        "contract": _copy_agreements(side, user, customer, product, owner),
    }
    settle(env)


def _make_user(side):
    groups = {
        "ours": "jinyang_aftersales.group_user",
        "peer": "helpdesk_mgmt.group_helpdesk_user,account.group_account_invoice",
    }
    return new_test_user(side.env, "bench", groups[side.name], lang="zh_CN", tz="Asia/Shanghai")


def _make_product(side):
    values = {"name": "Software", "type": "service", "list_price": 1000, "taxes_id": False}
    if side.name == "ours":
        line = side.env["aftersales.product.line"].create({"name": "Line", "brand": "Line"})
        values["aftersales_line_id"] = line.id
    return side.env["product.product"].create(values)


def _copy_customers(customer, contact):
    """:return: id of the first customer; the contacts follow the customers"""
    env = customer.env
    first = copy_rows(customer, COUNT)
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", (first,))
    owner = f"{first} + n - 1"
    if "department" in contact._fields:
        # known since the first ticket
        contact.department = RECORD["department"]
    copy_rows(contact, COUNT, parent_id=owner, commercial_partner_id=owner)
    env.cr.execute(
        "UPDATE res_partner p SET name = v.name, complete_name = v.name"
        " FROM unnest(%s, %s) AS v (id, name) WHERE p.id = v.id",
        (list(range(first, first + COUNT)), company_names(COUNT)),
    )
    return first


def _copy_tickets(side, user, customer, owner):
    """Nine of ten are closed.

    :return: id of the first, which is open
    """
    env = side.env
    done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
    values = {
        "name": "凭证打印",
        "description": "<p>打印凭证时报错</p>",
        "partner_id": customer.id,
        "user_id": user.id,
    }
    if side.name == "ours":
        values |= {**_record_of(side), "contact_id": customer.child_ids.id}
    ticket = env["helpdesk.ticket"].create(values)
    contact = owner.replace(" - 1)", f" - 1 + {COUNT})")
    same = {
        "number": "'HT' || lpad(n::text, 7, '0')",
        "partner_id": owner,
        "commercial_partner_id": owner,
        "contact_id": contact,
        "create_date": "now() at time zone 'UTC' - n * interval '5 minutes'",
        "access_token": "NULL",
        "stage_id": f"CASE WHEN n % 10 > 0 THEN {done.id} ELSE stage_id END",
        "closed_date": "CASE WHEN n % 10 > 0 THEN now() at time zone 'UTC' END",
    }
    return copy_rows(ticket, COUNT, **same) + 9


def _record_of(side):
    """:return: a service record that is complete but for the contact"""
    addon = "jinyang_aftersales"
    return {
        **RECORD,
        "category_id": side.env.ref(f"{addon}.helpdesk_ticket_category_report").id,
        "channel_id": side.env.ref(f"{addon}.helpdesk_ticket_channel_qq").id,
    }


def _copy_agreements(side, user, customer, product, owner):
    """:return: id of the first agreement"""
    env, day = side.env, fields.Date.context_today(side.env.company)
    values = {
        "name": "Agreement",
        "partner_id": customer.id,
        "contract_line_ids": [
            Command.create(
                {"product_id": product.id, "name": "Service", "quantity": 1, "price_unit": 1000}
            )
        ],
    }
    # 30 days ahead for those that are due, the others spread over the following year
    end = f"DATE '{day}' + CASE WHEN n <= {DUE} THEN n % 30 ELSE 60 + n % 300 END"
    columns = {
        "partner_id": owner,
        "commercial_partner_id": owner,
        "invoice_partner_id": owner,
        "access_token": "NULL",
        "code": "'A' || n",
        "name": "'A' || n",
    }
    if side.name == "ours":
        software = _copy_software(side, customer, product, owner, end)
        values |= {
            "is_service_agreement": True,
            "product_line_id": product.aftersales_line_id.id,
            "term_start": day,
            "term_end": day,
            "user_id": user.id,
        }
        columns |= {"term_end": end, "term_start": f"{end} - 364", "state": "'signed'"}
    contract = env["contract.contract"].create(values)
    if side.name == "ours":
        columns = {name: value for name, value in columns.items() if name in contract._fields}
    first = copy_rows(contract, COUNT, **columns)
    copy_rows(contract.contract_line_ids, COUNT, contract_id=f"{first} + n - 1", partner_id=owner)
    if side.name == "ours":
        relation = contract._fields["installation_ids"]
        env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s + n - 1, %s + n - 1 FROM generate_series(1, %s) n",
                SQL.identifier(relation.relation),
                SQL.identifier(relation.column1),
                SQL.identifier(relation.column2),
                first,
                software,
                COUNT,
            )
        )
    return first


def _copy_software(side, customer, product, owner, end):
    """:return: id of the first installation"""
    software = side.env["aftersales.installation"].create(
        {"partner_id": customer.id, "product_id": product.id, "version": "V13"}
    )
    key = "'S' || upper(substr(md5(n::text), 1, 12))"
    return copy_rows(
        software,
        COUNT,
        partner_id=owner,
        commercial_partner_id=owner,
        serial_number=key,
        serial_key=key,
        service_date_end=end,
        service_date_start=f"{end} - 364",
    )


# -- the rows --


def rows(ours, peer):
    """:return: the comparisons of the desk"""
    yield from _ticket_rows()
    yield from _screen_rows(ours, peer)
    yield from _customer_rows(ours)


def _desk(side):
    return side.as_user(side.facts["user"])


def _ticket_values(side, number, record=False):
    values = {
        "name": f"凭证打印 {number}",
        "description": "<p>打印凭证时报错</p>",
        "partner_id": side.facts["first"] + number,
        "user_id": side.facts["user"],
    }
    if record and side.name == "ours":
        values |= {**_record_of(side), "contact_id": side.facts["first"] + COUNT + number}
    return values


def _create(count, record=False):
    def work(side):
        values = [_ticket_values(side, number, record) for number in range(count)]
        return len(_desk(side)["helpdesk.ticket"].create(values))

    return work


def _create_singly(count):
    def work(side):
        for number in range(count):
            env = _desk(side)
            env.invalidate_all()
            env["helpdesk.ticket"].create(_ticket_values(side, number))
            env.cr.flush()
        return count

    return work


def _close(count, at_once):
    def work(side):
        stage = side.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        ids = [side.facts["ticket"] + 10 * number for number in range(count)]
        env = _desk(side)
        groups = [ids] if at_once else [[one] for one in ids]
        for group in groups:
            env.invalidate_all()
            env["helpdesk.ticket"].browse(group).write({"stage_id": stage.id})
            env.cr.flush()
        return count

    return work


def _same(ours, peer):
    return "" if ours == peer else f"{ours} instead of {peer}"


def _ticket_rows():
    yield Row(
        "ticket create, batch 1,000", _create(BATCH), _create(BATCH), 1.10, None, BATCH, _same
    )
    yield Row(
        "… with a complete record", _create(BATCH, True), _create(BATCH), 1.10, None, BATCH, _same
    )
    yield Row(
        "ticket create one by one, cold cache",
        _create_singly(20),
        _create_singly(20),
        1.15,
        2,
        20,
        _same,
    )
    yield Row("ticket close one by one", _close(20, False), _close(20, False), 1.10, 1, 20, _same)
    yield Row(
        "ticket close, batch 200",
        _close(CLOSED, True),
        _close(CLOSED, True),
        1.10,
        None,
        CLOSED,
        _same,
    )


def _screen_rows(ours, peer):
    cases = (
        ("ticket list, 80 rows", "helpdesk.ticket", "list", 0.8, None),
        ("ticket form", "helpdesk.ticket", "form", 1.15, 3),
        ("partner form", "res.partner", "form", 1.15, 3),
        ("agreement list against OCA's contract", "contract.contract", "list", 1.15, 3),
        ("agreement form against OCA's contract", "contract.contract", "form", 1.15, 3),
    )
    places = {"helpdesk.ticket": "ticket", "res.partner": "first", "contract.contract": "contract"}
    for name, model, kind, target, more in cases:
        screens = {
            side.name: Screen(_desk(side), model, kind, _view(side, model, kind))
            for side in (ours, peer)
        }

        def work(side, screens=screens, kind=kind, place=places[model]):
            env, screen = _desk(side), screens[side.name]
            if kind == "list":
                return len(screen.read_list(env, [])["records"])
            return len(screen.read_form(env, side.facts[place]))

        yield Row(name, work, work, target, more, 1, _same)


def _view(side, model, kind):
    """:return: the view that the menus of a side open, False for the first of its kind"""
    if model != "contract.contract":
        return False
    name = {
        "ours": f"jinyang_aftersales.contract_contract_view_{kind}_agreement",
        "peer": {
            "list": "contract.contract_contract_tree_view",
            "form": "contract.contract_contract_customer_form_view",
        }[kind],
    }[side.name]
    return side.env.ref(name).id


def _customer_rows(ours):
    """Against plain searches and statements on our own database."""
    env = ours.env
    name = env["res.partner"].browse(ours.facts["first"] + COUNT // 2).name[:3]
    serial = (
        env["aftersales.installation"]
        .search([("partner_id", "=", ours.facts["first"] + COUNT // 2)])
        .serial_number[-6:]
    )

    def by_anything(text):
        return lambda side: sorted(
            _desk(side)["res.partner"].search([("aftersales_any", "ilike", text)], limit=80).ids
        )

    def by_name(_side):
        return sorted(_desk(ours)["res.partner"].search([("name", "ilike", name)], limit=80).ids)

    def by_hand(_side):
        env.cr.execute(
            "SELECT partner_id FROM aftersales_installation WHERE serial_number ILIKE %s LIMIT 80",
            (f"%{serial}%",),
        )
        return sorted(row for (row,) in env.cr.fetchall())

    yield Row("customers by name", by_anything(name), by_name, 0.2, plain=True)
    yield Row("customers by serial", by_anything(serial), by_hand, 0.5, check=_same, plain=True)
    for state in ("expiring", "expired"):
        yield from _state_row(ours, state)


def _state_row(ours, state):
    """Software in a state of service: the search of the list against the statement one would write."""
    model = ours.env["aftersales.installation"]
    query = model._search([("service_state", "=", state)])
    where = query.where_clause

    def count(_side):
        return _desk(ours)["aftersales.installation"].search_count([("service_state", "=", state)])

    def by_hand(_side):
        ours.env.cr.execute(SQL("SELECT count(*) FROM aftersales_installation WHERE %s", where))
        return ours.env.cr.fetchone()[0]

    yield Row(f'software "{state}", count', count, by_hand, 1.2, check=_same, plain=True)
