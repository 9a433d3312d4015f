"""What the cards show that a phone has instead of lists."""

from odoo.tests import TransactionCase

PEOPLE = {"res.users", "hr.employee"}
# fields with the telephone of whom one calls about a record; "phone" is that of a customer
TELEPHONES = {"telephone", "phone"}


class CardChecks(TransactionCase):
    """Checks of the window actions of each addon; a test class names the addon and its exceptions.

    A card has each fact that the columns of the list beside it show: number, customer, person and day. Besides that
    it has a telephone to call where the model knows one.
    """

    addon = None
    # models whose lists need no cards; a test class says why
    no_cards = frozenset()

    def get_list_actions(self):
        """Window actions of the addon, and of others in its menus, that have a list.

        :rtype: odoo.models.BaseModel
        """
        data = self.env["ir.model.data"].search(
            [("module", "=", self.addon), ("model", "in", ("ir.actions.act_window", "ir.ui.menu"))]
        )
        ids = {row.res_id for row in data if row.model == "ir.actions.act_window"}
        menus = self.env["ir.ui.menu"].browse(
            row.res_id for row in data if row.model == "ir.ui.menu"
        )
        ids |= {
            menu.action.id
            for menu in menus.exists()
            if menu.action and menu.action._name == "ir.actions.act_window"
        }
        actions = self.env["ir.actions.act_window"].browse(sorted(ids)).exists()
        return actions.filtered(
            lambda action: action.res_model not in self.no_cards
            and "list" in [kind for _view, kind in action.views]
        )

    def get_shown(self, action, kind):
        """Nodes of the fields that a view of an action shows.

        :param action: ir.actions.act_window
        :param str kind: ``list`` or ``kanban``
        :rtype: list
        """
        views = {view_type: view for view, view_type in action.views}
        arch, _view = self.env[action.res_model]._get_view(views[kind], kind)
        nodes = (
            arch.xpath("/list/field")
            if kind == "list"
            else arch.xpath("//t[@t-name='card']//field")
        )
        return [
            node
            for node in nodes
            if node.get("optional") != "hide"
            and node.get("column_invisible") not in ("1", "True")
            and node.get("invisible") not in ("1", "True")
        ]

    def get_facts(self, model, nodes):
        """Which facts some fields show.

        :param odoo.models.BaseModel model: whose fields they are
        :param list nodes: from :meth:`get_shown`
        :rtype: set[str]
        """
        facts = set()
        for node in nodes:
            name, field = node.get("name"), model._fields[node.get("name")]
            if name in ("number", model._rec_name) and field.type == "char":
                facts.add("number")
            elif field.comodel_name == "res.partner" and field.type == "many2one":
                facts.add("customer")
            elif field.comodel_name in PEOPLE:
                facts.add("person")
            elif field.type in ("date", "datetime"):
                facts.add("day")
            if node.get("widget") == "phone":
                facts.add("telephone")
        return facts

    def check_actions_open_as_cards(self):
        """No action of the addon shows a list on a phone."""
        actions = self.get_list_actions()
        self.assertTrue(actions)
        for action in actions:
            kinds = [kind for _view, kind in action.views]
            shown = action.mobile_view_mode if action.mobile_view_mode in kinds else kinds[0]
            with self.subTest(action=action.xml_id):
                self.assertNotEqual(shown, "list")

    def check_cards_show_what_lists_show(self):
        """A card has the facts of the list, and a telephone where the model knows one."""
        checked = set()
        for action in self.get_list_actions():
            if "kanban" not in [kind for _view, kind in action.views]:
                continue
            model = self.env[action.res_model]
            needed = self.get_facts(model, self.get_shown(action, "list"))
            needed.discard("telephone")
            if TELEPHONES & set(model._fields):
                needed.add("telephone")
            with self.subTest(action=action.xml_id):
                shown = self.get_facts(model, self.get_shown(action, "kanban"))
                self.assertLessEqual(needed, shown)
                checked |= needed
        return checked

    def check_people_are_named(self):
        """A picture alone says nothing on a screen without a mouse: the name stands beside it."""
        for action in self.get_list_actions():
            if "kanban" not in [kind for _view, kind in action.views]:
                continue
            for node in self.get_shown(action, "kanban"):
                widget = node.get("widget") or ""
                with self.subTest(action=action.xml_id, field=node.get("name")):
                    self.assertNotIn("many2many_avatar", widget)
                    if widget.startswith("many2one_avatar"):
                        self.assertIn("display_avatar_name", node.get("options") or "")
