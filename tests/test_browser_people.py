"""Every role opens each of our menus that it sees, in Chinese, on a wide screen and at 390 px, without an error."""

import re
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from harness.browser import DEVICES
from harness.menus import CORE, PENALTY, our_menus
from harness.payroll import new_penalty, new_slip, new_structure, new_worker
from harness.rpc import RpcError
from lxml import etree

from odoo.tools.safe_eval import safe_eval

# login: name, groups, and menus that the role must see
ROLES = {
    "he.xin": (
        "何欣",
        "base.group_user",
        {
            "aftersales_penalty_menu_mine",
            "aftersales_sanction_menu_mine",
            "aftersales_regulation_menu_mine",
            "aftersales_suggestion_menu_mine",
        },
    ),
    "chen.hui": ("陈慧", "payroll.group_payroll_manager", {"aftersales_penalty_menu_mine"}),
    "zheng.hua": ("郑华", "hr.group_hr_manager", {"aftersales_sanction_menu_hr"}),
    "wu.tao": (
        "吴涛",
        f"{CORE}.group_developer",
        {"aftersales_change_request_menu_board", "aftersales_change_request_menu_workload"},
    ),
    "sun.li": (
        "孙丽",
        f"{CORE}.group_callback",
        {"aftersales_callback_menu_today", "aftersales_complaint_menu"},
    ),
    "li.wei": (
        "李伟",
        f"{CORE}.group_user",
        {"aftersales_visit_menu_my", "aftersales_complaint_menu", "aftersales_penalty_menu_mine"},
    ),
    "wang.fang": (
        "王芳",
        f"{CORE}.group_manager",
        {"aftersales_penalty_menu", "aftersales_penalty_rule_menu", "aftersales_complaint_menu"},
    ),
    "zhang.ming": (
        "张明",
        f"{CORE}.group_director",
        {"aftersales_sanction_menu", "aftersales_fund_menu", "aftersales_regulation_menu"},
    ),
}
CHINESE = re.compile("[\u4e00-\u9fff]")
# Open an action by the web client's service, which is faster than loading a page for each menu.
OPEN = """async ([action, options]) => {
    const {env} = odoo.__WOWL_DEBUG__.root;
    await env.services.action.doAction(action, {clearBreadcrumbs: true, ...options});
}"""
# the id of a record in the list of the action
FIND = """async (id) => {
    const {env} = odoo.__WOWL_DEBUG__.root;
    const {Domain} = odoo.loader.modules.get("@web/core/domain");
    const {user} = odoo.loader.modules.get("@web/core/user");
    const action = await env.services.action.loadAction(id);
    const context = {...user.context, uid: user.userId};
    const types = (action.views || []).map((view) => view[1]);
    let records = [];
    if (types.includes("form") && action.target !== "new") {
        const domain = new Domain(action.domain || []).toList(context);
        records = await env.services.orm.search(action.res_model, domain, {limit: 1});
    }
    return {
        name: action.name, target: action.target, model: action.res_model, types, record: records[0]
    };
}"""
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def server(penalty_database, odoo_server):
    """A server with a user of each role, and documents about the specialist."""
    users = {
        login: penalty_database.new_user(
            login, groups, name=name, lang="zh_CN", tz="Asia/Shanghai", notification_type="inbox"
        )
        for login, (name, groups, _menus) in ROLES.items()
    }
    with penalty_database.env(lang="zh_CN") as env:
        env.company.email = "service@jinyang.example"
        env.company.partner_id.lang = "zh_CN"
        make_documents(env, {login: env["res.users"].browse(users[login]) for login in users})
    return odoo_server(penalty_database)


def make_documents(env, users):
    """A complaint, a penalty, a warning, a proposal handed to HR, a suggestion, a payslip, a released regulation."""
    worker = new_worker(env, new_structure(env), users["li.wei"])
    for login in ("wang.fang", "he.xin"):
        users[login].action_create_employee()
    manager, director = users["wang.fang"], users["zhang.ming"]
    customer = env["res.partner"].create(
        {
            "name": "成都蜀光机械制造有限公司",
            "is_company": True,
            "service_user_id": users["li.wei"].id,
        }
    )
    values = {"kind": "attitude", "partner_id": customer.id, "description": "电话里态度生硬"}
    for login in ("sun.li", "wang.fang"):
        env["aftersales.complaint"].with_user(users[login]).create(values)
    new_penalty(env, worker)
    rule = env.ref(f"{PENALTY}.penalty_rule_misconduct")
    for kind in ("warning", "dismissal"):
        sanction = env["aftersales.sanction"].with_user(manager)
        sanction = sanction.create(
            {
                "employee_id": worker.id,
                "kind": kind,
                "rule_id": rule.id,
                "reason": "未经请假离开客户现场",
            }
        )
        sanction.with_user(director).action_decide("经调查属实")
    sanction.with_user(director).action_hand_over(users["zheng.hua"].id)
    suggestion = env["aftersales.suggestion"].with_user(users["li.wei"])
    suggestion.create({"subject": "服务记录期限", "text": "建议两个工作日内补录"}).action_submit()
    # in force since the first employee was made
    env.ref(f"{CORE}.regulation_jinyang")._remind()
    slip = new_slip(env, worker)
    slip.compute_sheet()
    slip.action_payslip_done()


def specification(node, model, models):
    """:return: specification of ``web_read`` for the fields below a node of a view's arch"""
    asked = {}
    for child in node:
        if child.tag != "field":
            asked |= specification(child, model, models)
            continue
        field = models[model]["fields"][child.get("name")]
        asked[child.get("name")] = {}
        if field["type"] in ("one2many", "many2many", "many2one"):
            below = {"display_name": {}}
            if len(child):
                below |= specification(child, field["relation"], models)
            asked[child.get("name")] = {"fields": below}
    return asked


def read_menu(session, action):
    """Send the requests of the web client when a user opens the views of a menu, and its first record.

    :raises RpcError: when something is refused
    """
    action = session.json("/web/action/load", action_id=action)
    if action["type"] != "ir.actions.act_window":
        return
    model, uid = action["res_model"], session.info["uid"]
    context = {**session.info["user_context"], **safe_eval(action["context"] or "{}", {"uid": uid})}
    views = session(
        model,
        "get_views",
        [[*action["views"], [False, "search"]]],
        context=context,
        options={"toolbar": True},
    )
    names = {"uid": uid, "context_today": date.today, "relativedelta": relativedelta}
    domain = safe_eval(action["domain"] or "[]", names)
    asked = {
        kind: specification(etree.fromstring(view["arch"]), model, views["models"])
        for kind, view in views["views"].items()
        if kind in ("list", "kanban", "form")
    }
    found = []
    for kind in asked.keys() - {"form"}:
        found = session(
            model,
            "web_search_read",
            [domain],
            specification=asked[kind],
            limit=80,
            context=context,
        )["records"]
    if "form" in asked and action["target"] == "new":
        session(model, "onchange", [[], {}, [], asked["form"]], context=context)
    elif "form" in asked and found:
        session(model, "web_read", [[found[0]["id"]]], specification=asked["form"], context=context)


class Walk:
    """Opens menus as one role, those that no earlier role has opened; ``problems`` collects the errors."""

    def __init__(self, page, login, seen, narrowed):
        self.page = page
        self.login = login
        self.problems = []
        self._found = {}
        # views already opened by some role
        self._seen = seen
        # models already opened at the width of a phone: the layout is the same for all roles
        self._narrowed = narrowed

    def open(self, where, action, wizard=False, **options):
        """Open an action and add its errors to ``problems``."""
        try:
            self.page.evaluate(OPEN, [action, options])
        except Exception as error:
            self.note(where, str(error).splitlines()[0])
        dialog = self.page.locator(".modal")
        if wizard:
            dialog.locator(".o_form_view").wait_for()
        else:
            self.page.locator(".o_action_manager .o_content").first.wait_for()
            if dialog.count():
                self.note(where, dialog.first.inner_text())
        # the title of a form is the name of a record, which need not be Chinese
        if options.get("viewType") != "form":
            title = self.page.locator(".modal-title" if wizard else ".o_breadcrumb").first
            if title.count() and not CHINESE.search(title.inner_text()):
                self.note(where, f"is called {title.inner_text()}")
        for text in self.page.locator(".o_notification:has(.bg-danger)").all_inner_texts():
            self.note(where, text)
        self.close_dialogs()

    def note(self, where, what):
        self.problems.append(f"{self.login}, {where}: {' '.join(what.split())[:300]}")

    def close_dialogs(self):
        dialog = self.page.locator(".modal")
        while dialog.count():
            count = dialog.count()
            self.page.keyboard.press("Escape")
            self.page.wait_for_function(
                "count => document.querySelectorAll('.modal').length < count", arg=count
            )

    def menu(self, key, name, action):
        """Open list, board and form of a menu; of further menus with the same model only the first view."""
        found = self._found[key] = self.page.evaluate(FIND, action)
        for word in (name, found["name"]):
            if not CHINESE.search(word):
                self.note(key, f"is called {word}")
        if found["target"] == "new":
            self.open(key, action, wizard=True)
            return
        # the home page is no view of a model
        first, *others = found["types"] or ["page"]
        self.open(f"{key} {first}", action)
        for kind in ("list", "kanban", "form"):
            if kind not in others or (found["model"], kind) in self._seen:
                continue
            if kind != "form":
                self.open(f"{key} {kind}", action, viewType=kind)
            elif found["record"]:
                self.open(f"{key} form", action, viewType="form", props={"resId": found["record"]})
            else:
                continue
            self._seen.add((found["model"], kind))

    def narrow(self, key, action):
        """Open a menu at the width of a phone, where the board is the first view; one menu for each model."""
        found = self._found[key]
        if found["model"] in self._narrowed:
            return
        self._narrowed.add(found["model"])
        self.open(f"{key} at 390 px", action, wizard=found["target"] == "new")
        if self.page.evaluate(WIDE):
            self.note(key, "is wider than a phone")


def test_every_role_opens_every_menu_it_sees(server, browser):
    """The first role that sees a menu opens it on the screen; the requests of its views are sent as every role."""
    problems, seen, narrowed, opened = [], set(), set(), set()
    for login, (_name, _groups, expected) in ROLES.items():
        session = server.session(login)
        menus = our_menus(session)
        assert expected <= menus.keys(), f"{login} misses {expected - menus.keys()}"
        actions = [action for _name, action in menus.values()]
        assert len(set(actions)) == len(actions), f"{login} is led to one place by two menus"
        for key, (_name, action) in menus.items():
            try:
                read_menu(session, action)
            except RpcError as error:
                problems.append(f"{login}, {key}: {error}")
        page = browser.page(server, login=login)
        page.goto("/odoo")
        page.locator(".o_main_navbar").wait_for()
        new = {key: menu for key, menu in menus.items() if key not in opened}
        opened |= new.keys()
        walk = Walk(page, login, seen, narrowed)
        for key, (name, action) in new.items():
            walk.menu(key, name, action)
        page.set_viewport_size(DEVICES["phone"]["viewport"])
        # the bar above keeps the menus of a wide screen until it is loaded anew
        page.goto("/odoo")
        page.locator(".o_main_navbar").wait_for()
        page.wait_for_function("() => odoo.__WOWL_DEBUG__.root.env.isSmall")
        for key, (_name, action) in new.items():
            walk.narrow(key, action)
        problems += walk.problems
        browser.leave(page)
    assert not problems, "\n".join(problems)
