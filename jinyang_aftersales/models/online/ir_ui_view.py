from odoo import models
from odoo.tools.template_inheritance import remove_element

from .services import ELEMENTS, LOOK_UP_WIDGETS, PHONE_WIDGET, SMS_BUTTON

NO_SMS = "'enable_sms': False}"


class IrUiView(models.Model):
    """Buttons, pages and widgets of online services are taken out of the combined view, before Odoo processes it."""

    _inherit = "ir.ui.view"

    def _postprocess_view(self, node, model_name, *args, **kwargs):
        if not self.env.company._aftersales_online():
            self._hide_online_services(node, model_name)
        return super()._postprocess_view(node, model_name, *args, **kwargs)

    def _hide_online_services(self, tree, model_name):
        """Take SMS, look-up and geolocation out of a view.

        :param lxml.etree.Element tree: the combined view, changed in place
        :param str model_name: model of the view
        """
        sms = self.env.company._aftersales_sms()
        for node in list(tree.iter("field", "button", "page")):
            element = (node.tag, node.get("name"))
            if sms and (element == SMS_BUTTON or node.get("widget") == PHONE_WIDGET):
                continue
            if model_name in ELEMENTS.get(element, ()):
                remove_element(node)
            elif node.get("widget") in LOOK_UP_WIDGETS:
                del node.attrib["widget"]
                if "line_breaks" in node.get("options", ""):
                    # the look-up took the place of a text, which shows long names in several lines
                    node.set("widget", "text")
            elif node.get("widget") == PHONE_WIDGET:
                options = node.get("options", "{}").strip().removesuffix("}").rstrip(", ")
                comma = "" if options.endswith("{") else ", "
                node.set("options", options + comma + NO_SMS)
