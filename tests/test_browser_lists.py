"""What identifies a record is never cut: every list of our menus at 1366 px, with long names."""

import pytest
from dump_rows import make_rows
from harness.database import Database
from harness.demo import DATABASE
from harness.menus import our_menus

from odoo.tools import SQL

# who opens the menus; each opens those that nobody before has seen
LOGINS = (
    "liu.jianguo",
    "wang.fang",
    "li.wei",
    "sun.li",
    "zhou.jie",
    "wu.tao",
    "xu.ling",
    "zheng.hua",
)
# A customer's name of 20 characters, and a person's of as many letters: the longest that a column has to show whole.
CUSTOMER = "成都蜀光机械制造集团信息技术股份有限公司"
PERSON = "Alexander Bogdanovic"
PEOPLE = ("res.partner", "res.users", "hr.employee")
NUMBERS = {"name", "number", "code", "display_name", "serial_number"}
PHONES = {"telephone", "phone", "mobile", "landline", "contact_phone"}
# The list of an action without its default filters, as it comes with all rows.
OPEN = """async ([id, seen]) => {
    const {env} = odoo.__WOWL_DEBUG__.root;
    const action = await env.services.action.loadAction(id);
    if (action.type !== "ir.actions.act_window" || !(action.views || []).some((view) => view[1] === "list")) {
        return null;
    }
    const context = {};
    for (const [name, value] of Object.entries(action.context || {})) {
        if (!name.startsWith("search_default_") && name !== "group_by") {
            context[name] = value;
        }
    }
    const view = action.views.find((view) => view[1] === "list")[0];
    const list = `${action.res_model} ${view}`;
    if (!seen.includes(list)) {
        await env.services.action.doAction({...action, context}, {clearBreadcrumbs: true, viewType: "list"});
    }
    return [action.res_model, list];
}"""
# Cells and headers of some columns whose text does not fit, and whether the list is wider than the screen.
LOOK = """(names) => {
    const cut = (element) => {
        for (const node of [element, ...element.querySelectorAll("*")]) {
            const style = getComputedStyle(node);
            if (style.overflowX !== "visible" && node.clientWidth && node.scrollWidth > node.clientWidth + 1) {
                return true;
            }
        }
        return false;
    };
    const found = {};
    const table = document.querySelector(".o_list_renderer table");
    for (const head of table.querySelectorAll("thead th[data-name]")) {
        const name = head.dataset.name;
        if (!names.includes(name)) {
            continue;
        }
        const cells = [head, ...table.querySelectorAll(`tbody td[name="${name}"]`)];
        const bad = cells.find(cut);
        if (bad) {
            found[name] = `${bad.innerText.trim()} in ${Math.round(bad.getBoundingClientRect().width)} px`;
        }
    }
    const box = document.querySelector(".o_list_renderer");
    if (box.scrollWidth > box.clientWidth + 1) {
        found["the list"] = `${box.scrollWidth} px of ${box.clientWidth}`;
    }
    return {found, rows: table.querySelectorAll("tr.o_data_row").length};
}"""


@pytest.fixture
def company(demo):
    """A copy of the demo with a row in every list, where each customer and person has a long name."""
    database = Database(DATABASE)
    with database.env(lang="zh_CN", tz="Asia/Shanghai") as env:
        make_rows(env)
        env.flush_all()
        for kind, name in ((True, CUSTOMER), (False, PERSON)):
            env.cr.execute(
                SQL(
                    "UPDATE res_partner SET name = %s WHERE is_company IS %s AND id NOT IN"
                    " (SELECT partner_id FROM res_company)",
                    name,
                    SQL("TRUE" if kind else "NOT TRUE"),
                )
            )
        env.cr.execute("UPDATE hr_employee SET name = %s", (PERSON,))
        env.cr.execute("UPDATE resource_resource SET name = %s", (PERSON,))
        env.invalidate_all()
        partners = env["res.partner"].with_context(active_test=False).search([("id", ">", 0)])
        env.add_to_compute(partners._fields["complete_name"], partners)
    yield database
    database.drop()


def identifying(fields):
    """:return: names of the columns that identify a record: its number, customer, people, telephone, days

    :param dict fields: definitions of the fields of a model
    """
    # a title beside a number may be cut
    numbers = NUMBERS - {"name"} if "number" in fields else NUMBERS
    return [
        name
        for name, field in fields.items()
        if name in numbers | PHONES
        or field["type"] in ("date", "datetime")
        or (field["type"] == "many2one" and field["relation"] in PEOPLE)
    ]


def test_what_identifies_is_never_cut_at_1366_px(company, demo, odoo_server, browser):
    server = odoo_server(company)
    # lists with rows that have been looked at, and those that were empty for everybody
    seen, empty, problems = set(), {}, []
    for login in LOGINS:
        session = server.session(login, demo.password())
        page = browser.page(server, login=login, password=demo.password())
        page.goto("/odoo")
        page.locator(".o_main_navbar").wait_for()
        for key, (_name, action) in our_menus(session).items():
            model, shown = page.evaluate(OPEN, [action, list(seen)]) or (None, None)
            if not model or shown in seen:
                continue
            page.locator(".o_list_renderer table").wait_for()
            fields = session(model, "fields_get", [], attributes=["type", "relation"])
            looked = page.evaluate(LOOK, identifying(fields))
            if looked["rows"]:
                seen.add(shown)
                empty.pop(shown, None)
                problems += [f"{key}, {name}: {what}" for name, what in looked["found"].items()]
            else:
                empty[shown] = key
        browser.leave(page)
    assert not problems, "\n".join(problems)
    assert not empty, empty
