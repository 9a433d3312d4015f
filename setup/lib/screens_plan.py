"""Finds the screens of our backend: views of the menus, forms of records in each state, dialogues behind buttons.

Nothing is known beforehand but the names of our addons: menus come from ``ir.ui.menu``, records from the domain of a
menu, buttons from the form of a record. A button is pressed in a transaction that is rolled back unless it opens a
dialogue, whose record has to stay.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import api, fields
from odoo.tools.safe_eval import datetime as eval_datetime
from odoo.tools.safe_eval import safe_eval

from odoo.addons.web.controllers.utils import clean_action

TOUR = "aftersales_start_tour"
ADDONS = ("jinyang_aftersales", "jinyang_aftersales_penalty")
WINDOW = "ir.actions.act_window"
# records of a menu among which one is looked for in each state, and for each button
MOST_RECORDS = 60
# records a button is tried on; others refuse it, too
MOST_TRIES = 4
# records looked at in each state
MOST_ALIKE = 5
# forms of one model: one for each value of its status bar
MOST_STATES = 9


@dataclass
class Screen:
    """One screen: what the user opens, and a dialogue over it."""

    login: str
    name: str
    action: dict | int
    options: dict = field(default_factory=dict)
    dialogue: dict | None = None
    kind: str = ""
    types: tuple = ()


def reads_user(domain):
    """:return: whether the records of a menu depend on who opens it"""
    return "uid" in str(domain or "")


class Plan:
    """The screens of one language; ``screens`` and ``notes`` are the result.

    :param registry: registry of the database, a copy that may be changed
    :param str lang: language of all users
    :param list words: only screens whose name has one of them; all when empty
    :param list logins: only these users; all when empty
    """

    def __init__(self, registry, lang, words=(), logins=()):
        self.registry = registry
        self.lang = lang
        self.words = words
        self.logins = logins
        self.screens = []
        self.notes = []
        self._names = set()
        self._views = set()
        self._forms = set()
        self._buttons = set()
        self._tries = {}
        self._roles = {}
        # actions behind buttons, for models that no menu shows
        self._later = []

    def env(self, cr, user):
        """:return: environment of a user on a cursor, as their web client has it"""
        context = {"lang": self.lang, "tz": "Asia/Shanghai", "uid": user}
        companies = api.Environment(cr, user, {}).user.company_ids.ids
        return api.Environment(cr, user, {**context, "allowed_company_ids": companies})

    def make(self):
        """Walk through the menus of the staff, those of the service manager first."""
        with self.registry.cursor() as cr:
            env = self.env(cr, api.SUPERUSER_ID)
            users = env["res.users"].search([("share", "=", False)])
            users -= env.ref("base.user_root") + env.ref("base.user_admin")
            menus = {user: self._menus(self.env(cr, user.id)) for user in users}
            # the service manager before the director, who sees more, and before those who see less
            managers = users.filtered(lambda user: user.has_group(f"{ADDONS[0]}.group_manager"))
            ranks = users.sorted(
                lambda user: (user not in managers, len(user.all_group_ids), user.id)
            )
            plan = [(user.id, user.login, menus[user]) for user in ranks if menus[user]]
            self._roles = {user.id: tuple(sorted(user.all_group_ids.ids)) for user in ranks}
        for user, login, found in plan:
            if self.logins and login not in self.logins:
                continue
            for key, menu in found.items():
                self._walk(user, login, key, menu["action_model"], menu["action_id"])
        while self._later:
            user, login, name, action, active = self._later.pop(0)
            if not any(model == action["res_model"] for model, _view in self._forms):
                with self.registry.cursor() as cr:
                    env = self.env(cr, user)
                    env = env(context={**env.context, **active})
                    self._open(env, login, name, {}, action)
                    cr.rollback()
        return self

    def _menus(self, env):
        """:return: menus of our addons with an action, by external id without the addon"""
        found = {}
        for menu in env["ir.ui.menu"].load_menus(False).values():
            addon, _dot, name = (menu.get("xmlid") or "").partition(".")
            if addon in ADDONS and menu.get("action_id") and menu["id"] != menu["app_id"]:
                found[name] = menu
        return found

    def _walk(self, user, login, key, model, number):
        """Add the views of one menu."""
        with self.registry.cursor() as cr:
            env = self.env(cr, user)
            action = env[model].sudo().browse(number)._get_action_dict()
            target = dict(action)
            if model == "ir.actions.server":
                target = self._call(cr, lambda: env[model].browse(number).run()) or {}
            self._open(env, login, key, action, target)
            cr.rollback()

    def _open(self, env, login, key, action, target):
        """Add the views of an action, and the forms and dialogues of its records."""
        number = action.get("id") or key
        if target.get("type") == WINDOW:
            target = clean_action(dict(target), env)
        if target.get("tag") == TOUR:
            # it points at things on the screens that follow
            return
        if target.get("type") != WINDOW:
            if (number, "") not in self._views:
                self._views.add((number, ""))
                self._add(login, key, action.get("id") or action)
            return
        opened = action["id"] if action.get("id") else target
        # the view of activities is the same for all models
        kinds = [kind for _view, kind in target["views"] if kind != "activity"]
        if target.get("target") == "new":
            if (number, "new") not in self._views:
                self._views.add((number, "new"))
                self._add(login, f"{key}.dialogue", opened, kind="dialogue")
            return
        who = self._roles[env.uid] if reads_user(target.get("domain")) else ""
        for kind in kinds:
            if kind != "form" and (number, kind, who) not in self._views:
                self._views.add((number, kind, who))
                self._add(login, f"{key}.{kind}", opened, {"viewType": kind}, kind, kinds)
                if not target.get("help") and kind == kinds[0] and not who:
                    self.notes.append(f"{key}: no help in the empty {kind}")
        self._walk_records(env, login, key, opened, target)

    def _add(self, login, name, action, options=None, kind="", types=(), dialogue=None):
        """Add a screen unless it was not asked for."""
        name = name.replace("/", "-")
        full = f"{login}.{name}"
        if full in self._names or (self.words and not any(word in full for word in self.words)):
            return
        self._names.add(full)
        self.screens.append(
            Screen(login, full, action, options or {}, dialogue, kind, tuple(types))
        )

    # -- forms ----------------------------------------------------------------

    def _records(self, env, target, state):
        """:return: records of an action, among them some of each state"""
        model = env[target["res_model"]]
        if target.get("res_id"):
            return model.browse(target["res_id"]).exists()
        names = {
            "uid": env.uid,
            "user": env.user,
            "context": env.context,
            "active_id": env.context.get("active_id"),
            "allowed_company_ids": env.context["allowed_company_ids"],
            "context_today": lambda: fields.Date.context_today(env.user),
            "relativedelta": relativedelta,
            "datetime": eval_datetime,
        }
        domain = target.get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain, names)
        found = model.search(domain, limit=MOST_RECORDS)
        field = model._fields.get(state)
        if field and field.store:
            # some of each state, also of a rare one
            for value, _count in model._read_group(domain, [state], ["__count"]):
                value = getattr(value, "id", value)
                found |= model.search([*domain, (state, "=", value)], limit=MOST_ALIKE)
        return found

    def _walk_records(self, env, login, key, opened, target):
        """Add a form for each state, the empty form, and each dialogue one of the records leads to."""
        model = env[target["res_model"]]
        views = [
            (view, kind) for view, kind in target["views"] if kind in ("form", "list", "kanban")
        ]
        archs = {kind: etree.fromstring(model.get_view(view, kind)["arch"]) for view, kind in views}
        found = [node for arch in archs.values() for node in self._buttons_in(arch)]
        nodes = {self._label(model, node): node for node in found}
        buttons = [node for node in nodes.values() if self._is_new(login, model, node)]
        bound = self._bound_actions(model)
        form = archs.get("form")
        label = (model._name, next((view for view, kind in views if kind == "form"), None))
        if label in self._forms and not buttons and not bound:
            return
        state = self._state_field(model, form)
        records = self._records(env, target, state)
        values = self._values(records, archs.values())
        if form is not None and label not in self._forms:
            first = {}
            for record in records:
                first.setdefault(values[record.id].get(state) or "", record)
            for value, record in list(first.items())[:MOST_STATES]:
                self._form(login, f"{key}.form{f'-{value}' if value else ''}", opened, record)
            if form.get("create") not in ("0", "False", "false") and model.has_access("create"):
                self._form(login, f"{key}.form-new", opened, None)
        self._forms.add(label)
        place = opened if form is not None else (opened, views[0][1] if views else "")
        for record in records:
            for node in buttons:
                shown = self._is_visible(node, env, values[record.id])
                if shown and self._is_new(login, model, node):
                    self._press(env, login, key, place, record, node, values[record.id])
        for action in bound if records else ():
            self._buttons.add((model._name, action["id"]))
            name = action["xml_id"].partition(".")[2]
            self._follow(env, login, f"{key}.{name}", place, records[:1], action)

    def _buttons_in(self, arch):
        """:return: nodes of a view that call a method or an action, but not those of lines"""
        nodes = arch.xpath(".//*[@type='object' or @type='action'][@name][not(@special)]")
        return [node for node in nodes if not self._is_below_field(node)]

    def _form(self, login, name, opened, record, dialogue=None):
        if isinstance(opened, tuple):
            opened, kind = opened
            options = {"viewType": kind}
        else:
            options = {"viewType": "form", "props": {"resId": record.id} if record else {}}
        self._add(login, name, opened, options, "form", dialogue=dialogue)

    def _values(self, records, archs):
        """:return: values that decide on the visibility of nodes, by record"""
        nodes = chain.from_iterable(arch.iter("field") for arch in archs)
        names = {node.get("name") for node in nodes if not self._is_below_field(node)}
        names = [name for name in names if name in records._fields]
        return {row["id"]: row for row in records.read(names, load="")} if records else {}

    @staticmethod
    def _is_below_field(node):
        return any(parent.tag == "field" for parent in node.iterancestors())

    @staticmethod
    def _state_field(model, form):
        """:return: name of the field with the states of a model; it need not exist"""
        bars = form.xpath(".//field[@widget='statusbar']") if form is not None else []
        return bars[0].get("name") if bars else "state"

    # -- buttons --------------------------------------------------------------

    @staticmethod
    def _label(model, node):
        return (model._name, node.get("name"), node.get("context") or "")

    def _is_new(self, login, model, node):
        """:return: whether no user has been shown yet what a button opens"""
        label = self._label(model, node)
        return label not in self._buttons and self._tries.get((login, label), 0) < MOST_TRIES

    def _is_visible(self, node, env, values):
        parts = (part.get("invisible") for part in chain([node], node.iterancestors()))
        return not any(part and self._evaluate(part, env, values) for part in parts)

    def _evaluate(self, expression, env, values):
        """:return: value of an expression of a view; None, with a note, when it cannot be had"""
        names = {**values, "uid": env.uid, "context": env.context, "active_id": values["id"]}
        names |= {"today": str(date.today()), "now": str(datetime.combine(date.today(), time()))}
        try:
            return safe_eval(expression, names)
        except Exception as error:
            self.notes.append(f"{expression}: {error}")
            return None

    def _press(self, env, login, key, opened, record, node, values):
        """Press a button of a form, and follow what it returns."""
        name, model = node.get("name"), record._name
        label = self._label(record, node)
        self._tries[login, label] = self._tries.get((login, label), 0) + 1
        context = self._evaluate(node.get("context") or "{}", env, values) or {}
        if node.get("type") == "action":
            self._buttons.add(label)
            kind = env["ir.actions.actions"].sudo().browse(int(name)).type
            action = env[kind].sudo().browse(int(name))._get_action_dict()
            name = action.get("xml_id", "").partition(".")[2] or name
            # one dialogue may serve several buttons, which differ in their context
            which = "-".join(str(value) for value in context.values() if isinstance(value, str))
            name = f"{key}.{name}{which and '-'}{which}"
            if kind == WINDOW:
                self._follow(env, login, name, opened, record, action, context)
            return
        with self.registry.cursor() as cr:
            own = self.env(cr, env.uid)
            pressed = own[model].browse(record.id).with_context(**context)
            action = self._call(cr, lambda: getattr(pressed, name)(), f"{login} {key}.{name}")
            if action is None:
                cr.rollback()
                return
            self._buttons.add(label)
            if not isinstance(action, dict) or action.get("type") != WINDOW:
                cr.rollback()
                return
            if action.get("target") == "new":
                # the dialogue may show a record that the button made
                cr.commit()
            else:
                cr.rollback()
        self._follow(env, login, f"{key}.{name}", opened, record, action)

    def _call(self, cr, method, where=""):
        """:return: what a method returns, True instead of None; None when it refuses"""
        try:
            result = method()
            cr.flush()
            return True if result is None else result
        except Exception as error:
            if where:
                text = " ".join(str(error).split())[:160]
                self.notes.append(f"{where} refuses: {text}")
            return None

    def _bound_actions(self, model):
        """:return: dialogues of our addons in the menu *Action* of a model"""
        env = model.env
        numbers = [
            action["id"]
            for action in env["ir.actions.actions"].get_bindings(model._name).get("action", [])
        ]
        ours = (
            env["ir.model.data"]
            .sudo()
            .search([("model", "=", WINDOW), ("res_id", "in", numbers), ("module", "in", ADDONS)])
        )
        return [
            env[WINDOW].sudo().browse(number)._get_action_dict()
            for number in sorted(ours.mapped("res_id"))
            if (model._name, number) not in self._buttons
        ]

    def _follow(self, env, login, name, opened, record, action, extra=None):
        """Add what a button opened: a dialogue over the form, or a screen of its own."""
        context = action.get("context") or {}
        if isinstance(context, str):
            names = {"active_id": record.id, "active_ids": record.ids, "uid": env.uid}
            context = safe_eval(context, {**names, "active_model": record._name})
        active = {"active_model": record._name, "active_id": record.id, "active_ids": record.ids}
        action = clean_action({**action, "context": {**active, **context, **(extra or {})}}, env)
        if action.get("target") == "new":
            self._form(login, f"{name}.dialogue", opened, record, dialogue=action)
            return
        if isinstance(action.get("domain"), str):
            action["domain"] = safe_eval(action["domain"], {**active, "uid": env.uid})
        if getattr(env[action["res_model"]], "_original_module", "") in ADDONS:
            self._later.append((env.uid, login, name, action, active))
