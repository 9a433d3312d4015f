"""Measures the search by anything; run by tests/scale/search in Odoo's shell, whose ``env`` it uses.

Rows are made by statements in sets, with names of more than 5,000 different words. Each query is asked by name (with a
trigram index on the name, which Odoo does not have) and by anything in turn, A B A B; medians are compared.
"""

import gc
import sys
import time
from statistics import median

from lxml import etree
from psycopg2.extras import execute_values

from odoo.fields import Domain
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.jinyang_aftersales.models.customer.key_rows import make_all_keys

from scale.copies import copy_rows, make_words, rand, settle

CUSTOMERS = 100_000
# persons at so many of them
CONTACTS = 20_000
# of each kind; 500,000 together
DOCUMENTS = {
    "helpdesk.ticket": 200_000,
    "aftersales.visit": 100_000,
    "aftersales.callback": 100_000,
    "aftersales.archive.entry": 100_000,
}
ROUNDS = 15
HITS = (10, 1000)
# words that are in as many names, and nowhere else
PLANTED = {
    "2 Chinese": {0: "龘龗", 10: "靐龖", 1000: "齉驫"},
    "3 Chinese": {0: "龘龗鱻", 10: "爩靐龗", 1000: "麤齉爨"},
    "4 Chinese": {0: "龘龗鱻麤", 10: "爨爩靐麤", 1000: "鱻麤齉爩"},
    "6 Latin": {0: "qzxwvk", 10: "xqjzkv", 1000: "wvkxjq"},
}
SERIALS = {0: "ZQ0Z0Q", 10: "QZ10QZ", 1000: "XZ10XQ"}
# given by the shell
env = globals()["env"]


def make_customers(words):
    """:return: ids of the customers"""
    seed = env["res.partner"].create({"name": "Seed", "is_company": True})
    copy_rows(seed, CUSTOMERS - 1)
    env.cr.execute("SELECT id FROM res_partner WHERE name = 'Seed' ORDER BY id")
    ids = [row for (row,) in env.cr.fetchall()]
    planted = [
        word for hits in PLANTED.values() for count, word in hits.items() for _ in range(count)
    ]
    places = rand.sample(ids, len(planted))
    named = dict(zip(places, planted, strict=True))
    kinds = ("科技", "商贸", "建材", "医药", "机械", "食品", "印务", "物流", "软件", "电子")
    rows = [
        (
            row,
            f"{rand.choice(words)}{named.get(row, '')}{rand.choice(words)}{rand.choice(kinds)}有限公司",
            f"1{rand.randint(3, 9)}{rand.randint(10**8, 10**9 - 1)}",
            f"028-8{rand.randint(10**6, 10**7 - 1)}",
        )
        for row in ids
    ]
    execute_values(
        env.cr._obj,
        "UPDATE res_partner SET name = v.name, complete_name = v.name, phone = v.phone, landline = v.landline,"
        " mnemonic = NULL, commercial_partner_id = res_partner.id FROM (VALUES %s)"
        " AS v (id, name, phone, landline) WHERE res_partner.id = v.id",
        rows,
        page_size=5000,
    )
    env.cr.execute("DELETE FROM aftersales_partner_key")
    begun = time.perf_counter()
    make_all_keys(env.cr)
    print(f"keys and codes of {CUSTOMERS:,} customers: {time.perf_counter() - begun:.0f} s")
    make_contacts(ids[:CONTACTS])
    return ids


def make_contacts(companies):
    """A person at each of some customers."""
    seed = env["res.partner"].create({"name": "Person", "parent_id": companies[0]})
    company = f"('{{{','.join(map(str, companies))}}}'::int[])[1 + n % {len(companies)}]"
    copy_rows(
        seed,
        len(companies) - 1,
        parent_id=company,
        commercial_partner_id=company,
        name="'联系人' || n",
        complete_name="'联系人' || n",
        mnemonic="NULL",
        phone="'1360' || lpad(n::text, 7, '0')",
    )
    make_all_keys(env.cr)


def make_documents(ids):
    """Software and documents, spread over the customers."""
    env.invalidate_all()
    company = env.company
    customer = env["res.partner"].browse(ids[0])
    line = env["aftersales.product.line"].create({"name": "Line", "brand": "Line"})
    product = env["product.product"].create({"name": "Software", "aftersales_line_id": line.id})
    env.cr.execute(
        "CREATE TEMPORARY TABLE spread AS SELECT row_number() OVER () AS place, id FROM unnest(%s) id",
        (ids,),
    )
    env.cr.execute("CREATE INDEX ON spread (place)")
    owner = f"(SELECT id FROM spread WHERE place = 1 + (n * 7919) % {len(ids)})"
    both = {"partner_id": owner, "commercial_partner_id": owner}
    software = env["aftersales.installation"].create(
        {"partner_id": customer.id, "product_id": product.id, "version": "V13"}
    )
    key = (
        "upper(substr(md5(n::text), 1, 10)) || CASE"
        f" WHEN n <= 10 THEN '{SERIALS[10]}' WHEN n <= 1010 THEN '{SERIALS[1000]}'"
        " ELSE upper(substr(md5('x' || n), 1, 6)) END"
    )
    copy_rows(software, CUSTOMERS, **both, serial_number=key, serial_key=key)
    ticket = env["helpdesk.ticket"].create(
        {
            "name": "凭证打印",
            "description": "?",
            "partner_id": customer.id,
            "company_id": company.id,
        }
    )
    visit = env["aftersales.visit"].create(
        {
            "partner_id": customer.id,
            "date_planned_start": "2026-12-02 01:00:00",
            "date_planned_end": "2026-12-02 03:00:00",
            "address": "?",
        }
    )
    call = env["aftersales.callback"]._create_unlocked(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "kind": "renewal",
            "user_id": env.uid,
            "due_date": "2026-12-02",
        }
    )
    entries = env["aftersales.archive.entry"]
    entry = entries._create_unlocked(
        {
            "partner_id": customer.id,
            "company_id": company.id,
            "kind": entries._fields["kind"].get_values(env)[0],
            "document_name": "合同",
        }
    )
    for record, columns in (
        (ticket, {"number": "'HT' || lpad(n::text, 7, '0')", "name": "'凭证打印' || n"}),
        (visit, {"name": "'FW2026-' || lpad(n::text, 7, '0')"}),
        (call, {}),
        (entry, {"name": "'DA-' || lpad(n::text, 7, '0')", "document_name": "'合同' || n"}),
    ):
        unique = {
            name: "NULL"
            for name in ("access_token", "calendar_event_id", "ticket_id", "res_id", "cycle_date")
            if name in record._fields
            and record._fields[name].store
            and record._fields[name].column_type
            and not record._fields[name].required
        }
        copy_rows(record, DOCUMENTS[record._name], **both, **unique, **columns)


def ask(model, domain, columns=None):
    """Ask for the first page of a list.

    :param columns: fields of the list, read and counted as the web client does; None for the ids only
    :return: seconds, and how many rows there are
    """
    env.invalidate_all()
    # as Odoo does between requests, so that it falls into none of them
    gc.collect()
    begun = time.perf_counter()
    if columns is None:
        found = len(model.search(domain, limit=80))
    else:
        answer = model.web_search_read(domain, columns, limit=80, count_limit=10001)
        found = len(answer["records"])
    return time.perf_counter() - begun, found


def list_columns(model):
    """:return: fields of the list of a model, as the web client asks for them"""
    arch = etree.fromstring(model.get_view(view_type="list")["arch"])
    columns = {}
    for node in arch.xpath("./field"):
        field = model._fields[node.get("name")]
        shown = {"fields": {"display_name": {}}}
        columns[field.name] = shown if field.type in ("many2one", "many2many") else {}
    return columns


def explain(model, domain):
    """:return: names of the indexes in the plan of a search"""
    query = model._search(domain, limit=80)
    rows = env.execute_query(SQL("EXPLAIN %s", query.select()))
    plan = "\n".join(row[0] for row in rows)
    names = {part.split(" ")[0] for part in plan.split("Index Scan on ")[1:]}
    names |= {
        part.split("using ")[1].split(" ")[0] for part in plan.split("\n") if " using " in part
    }
    scan = "Seq Scan" in plan
    return ", ".join(sorted(names)) + (" + Seq Scan" if scan else "")


def compare(rows, user):
    print(
        "| where | what | hits | ids by name, ms | by anything | ratio"
        " | answer by name, ms | by anything | ratio | indexes |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, what, hits, by_name, text in rows:
        model = env[name].with_user(user)
        anything = Domain("aftersales_any", "ilike", text)
        cells = []
        for columns in (None, list_columns(model)):
            first, second = [], []
            ask(model, by_name, columns), ask(model, anything, columns)
            for _round in range(ROUNDS):
                first.append(ask(model, by_name, columns)[0])
                seconds, found = ask(model, anything, columns)
                second.append(seconds)
            one, two = median(first) * 1000, median(second) * 1000
            cells.append(f"{one:.1f} | {two:.1f} | {two / one:.2f}")
        print(
            f"| {name} | {what} | {hits} ({found}) | {' | '.join(cells)} | {explain(model, anything)} |"
        )
        sys.stdout.flush()


def main():
    begun = time.perf_counter()
    ids = make_customers(make_words())
    make_documents(ids)
    # what Odoo has not: the search by name is measured with an index for it
    for table, column in (
        ("res_partner", "name"),
        ("helpdesk_ticket", "name"),
        ("aftersales_installation", "serial_number"),
    ):
        env.cr.execute(f"CREATE INDEX ON {table} USING gin ({column} gin_trgm_ops)")
    user = new_test_user(env, "measured", "jinyang_aftersales.group_director,base.group_user")
    settle(env)
    print(f"made in {time.perf_counter() - begun:.0f} s")
    rows = []
    for what, hits in PLANTED.items():
        for count, text in hits.items():
            rows.append(("res.partner", what, count, [("name", "ilike", text)], text))
            for name in DOCUMENTS:
                rows.append((name, what, count, [("partner_id.name", "ilike", text)], text))
    for count, text in SERIALS.items():
        rows.append(
            (
                "aftersales.installation",
                "serial's last six",
                count,
                [("serial_number", "ilike", text)],
                text,
            )
        )
        rows.append(
            (
                "res.partner",
                "serial's last six",
                count,
                [("installation_ids.serial_number", "ilike", text)],
                text,
            )
        )
    compare(rows, user)


main()
