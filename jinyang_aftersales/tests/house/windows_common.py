"""What the lists of the menus show first: what is to do, in the order in which it is to be done."""

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval

from .. import common

# when a record was written is no day of the document
WRITTEN = {"create_date", "write_date"}
STATES = {"state", "stage_id", "agreement_stage", "validity"}
DEFAULT = "search_default_"


class WindowChecks(common.AftersalesCommon):
    """Checks of the windows of one addon; a test class names the addon and its exceptions."""

    addon = ""
    # windows on documents with a day or a state that begin with neither filter nor order, with the reason
    unordered = {}
    # windows that always show some states or days only, with the reason
    confined = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.windows = cls.find_windows()

    @classmethod
    def find_windows(cls):
        """:return: windows with a list or cards that the addon has made or has a menu for, by external id"""
        data = cls.env["ir.model.data"].search([("module", "=", cls.addon)])
        named = data.grouped("model")
        made = cls.env["ir.actions.act_window"].browse(
            named["ir.actions.act_window"].mapped("res_id")
        )
        menus = cls.env["ir.ui.menu"].browse(named["ir.ui.menu"].mapped("res_id"))
        reached = menus.filtered(lambda row: row.action and row.action._name == made._name)
        windows = made.union(*(row.action for row in reached)).filtered(
            lambda window: window.target != "new"
            and {"list", "kanban"} & set(window.view_mode.split(","))
            and not cls.env[window.res_model]._transient
        )
        ids = windows.get_external_id()
        return {ids[window.id]: window for window in windows}

    def get_context(self, window):
        """:return: the context of a window"""
        return safe_eval(window.context or "{}", self.get_names(window.env))

    @staticmethod
    def get_names(env):
        return {
            "uid": env.uid,
            "allowed_company_ids": env.companies.ids,
            "context_today": lambda: fields.Date.context_today(env.user),
            "datetime": datetime,
            "relativedelta": relativedelta,
        }

    def get_arch(self, window, kind):
        """:return: a view of a window"""
        views = {mode: number for number, mode in window.views}
        number = window.search_view_id.id if kind == "search" else views.get(kind)
        return etree.fromstring(self.env[window.res_model].get_view(number, kind)["arch"])

    def get_filters(self, window):
        """:return: filters of a window in groups, of which those in one group are alternatives"""
        groups, group = [], []
        for node in self.get_arch(window, "search").iter("filter", "separator", "group", "field"):
            if node.tag == "filter" and node.get("domain"):
                group.append((node.get("name"), node.get("domain")))
            elif node.tag != "filter":
                groups.append(group)
                group = []
        return [dict(group) for group in [*groups, group] if group]

    def get_domain(self, text, env=None):
        return Domain(safe_eval(text or "[]", self.get_names(env or self.env)))

    def find_first(self, window):
        """:return: records that a window shows to its user before anybody has searched, in their order"""
        context = self.get_context(window)
        domain = self.get_domain(window.domain, window.env)
        for group in self.get_filters(window):
            chosen = [text for name, text in group.items() if context.get(f"{DEFAULT}{name}")]
            if chosen:
                domain &= Domain.OR(self.get_domain(text, window.env) for text in chosen)
        order = self.get_arch(window, "list").get("default_order")
        return window.env[window.res_model].search(domain, order=order)

    def is_day_or_state(self, model, name):
        field = self.env[model]._fields.get(name)
        if not field or name in WRITTEN:
            return False
        return name in STATES or (field.store and field.type in ("date", "datetime"))

    def has_day_or_state(self, model):
        names = [
            name
            for name in self.env[model]._fields
            if not name.startswith(("message_", "activity_", "my_activity_"))
        ]
        return any(self.is_day_or_state(model, name) for name in names)

    def is_ordered(self, window):
        """:return: whether a window begins with a filter, an order, or the day of its model"""
        if any(key.startswith(DEFAULT) for key in self.get_context(window)):
            return True
        kinds = window.view_mode.split(",")
        if "list" in kinds and self.get_arch(window, "list").get("default_order"):
            return True
        first = self.env[window.res_model]._order.split(",")[0].split()[0]
        return self.is_day_or_state(window.res_model, first)

    def check_something_comes_first(self):
        """Fail for windows on documents with a day or a state that begin with neither filter nor order."""
        found = {
            name
            for name, window in self.windows.items()
            if self.has_day_or_state(window.res_model) and not self.is_ordered(window)
        }
        self.assertEqual(found, {f"{self.addon}.{name}" for name in self.unordered})

    def check_filters_can_be_taken_away(self):
        """Fail for windows whose own domain keeps states or days out, which nobody can take away."""
        found = {
            name
            for name, window in self.windows.items()
            if any(
                self.is_confined(window.res_model, condition.field_expr)
                for condition in self.get_domain(window.domain).iter_conditions()
            )
        }
        self.assertEqual(found, {f"{self.addon}.{name}" for name in self.confined})

    def is_confined(self, model, name):
        field = self.env[model]._fields[name.split(".")[0]]
        return self.is_day_or_state(model, field.name) or field.type == "selection"

    def check_filters_work(self):
        """Fail for default filters that do not exist, and for filters whose domain cannot be searched."""
        for name, window in self.windows.items():
            arch = self.get_arch(window, "search")
            known = {node.get("name") for node in arch.iter("filter", "field")}
            chosen = {
                key.removeprefix(DEFAULT)
                for key in self.get_context(window)
                if key.startswith(DEFAULT)
            }
            self.assertLessEqual(chosen, known, name)
            for group in self.get_filters(window):
                for text in group.values():
                    with self.subTest(window=name, domain=text):
                        self.env[window.res_model].search(self.get_domain(text), limit=1)
