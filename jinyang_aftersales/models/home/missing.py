from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...groups import DIRECTORS
from .values import ROLES, MissingSetting

# administrators have each role by the installation, and are no staff
NO_STAFF = ("base.user_root", "base.user_admin")
COMPANIES = "base.action_res_company_form"
GENERAL = "base_setup.action_general_configuration"
USERS = "base.action_res_users"
SETTINGS = "jinyang_aftersales.aftersales_service_settings_action"


class AftersalesHome(models.AbstractModel):
    """What has to be set up before everything works: shown to managers and directors until it is done."""

    _inherit = "aftersales.home"

    @api.model
    def _prepare_missing(self, role):
        """:return: what is missing, as the page shows it
        :rtype: list[dict]
        """
        if role not in ("manager", "director"):
            return []
        is_admin = self.env.user._is_system()
        return [
            {
                "code": setting.code,
                "title": setting.title,
                "help": setting.help,
                "can_open": is_admin or not setting.is_admin,
            }
            for setting in self._get_missing_settings()
        ]

    @api.model
    def open_setting(self, code):
        """The window in which something missing is set.

        :param str code: of the missing setting
        :return: an action
        :rtype: dict
        :raises AccessError: for users who are neither managers nor directors
        """
        self._check_role("manager")
        for setting in self._get_missing_settings():
            if setting.code == code:
                action = self.env["ir.actions.actions"]._for_xml_id(setting.action)
                if setting.context:
                    action["context"] = setting.context
                return action
        # somebody else has just set it
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _get_missing_settings(self):
        """What is not set up yet in the company; subjects and addons add theirs.

        :return: in the order in which it is best done
        :rtype: list[MissingSetting]
        """
        # sudo: only whether something is set is told
        company = self.env.company.sudo()
        found = [
            *self._find_missing_of_company(company),
            *self._find_missing_years(company),
        ]
        asked = [*self._ask_regulation(company), *self._ask_people(company), *self._ask_job()]
        columns = SQL(", ").join(SQL("EXISTS (%s)", query) for query, _setting in asked)
        (there,) = self.env.execute_query(SQL("SELECT %s", columns))
        return found + [
            setting for (_query, setting), exists in zip(asked, there, strict=True) if not exists
        ]

    @api.model
    def _find_missing_of_company(self, company):
        partner, found = company.partner_id, []
        if not company.alias_domain_id:
            found.append(
                MissingSetting(
                    "alias_domain",
                    self.env._("No domain for mail that comes in"),
                    self.env._("Without it customers' replies do not arrive on their document."),
                    GENERAL,
                    is_admin=True,
                )
            )
        if not company.email:
            found.append(
                MissingSetting(
                    "company_email",
                    self.env._("No e-mail address of the company"),
                    self.env._("Letters to customers have no sender."),
                    COMPANIES,
                    is_admin=True,
                )
            )
        if not (partner.street and partner.phone):
            found.append(
                MissingSetting(
                    "letterhead",
                    self.env._("Letterhead without address or telephone"),
                    self.env._("Agreements and letters show them at the top."),
                    COMPANIES,
                    is_admin=True,
                )
            )
        if not company.aftersales_callback_interval_days:
            found.append(
                MissingSetting(
                    "routine_calls",
                    self.env._("No interval of routine calls"),
                    self.env._("Customers are called after a service only."),
                    SETTINGS,
                )
            )
        silent = company._aftersales_is_silent(company._aftersales_today())
        if silent and self.env.user.has_group(DIRECTORS):
            found.append(
                MissingSetting(
                    "go_live",
                    self.env._("Not live yet"),
                    self.env._("What was taken over sends no letter and has no deadline or call."),
                    "jinyang_aftersales.aftersales_takeover_live_action",
                )
            )
        return found

    @api.model
    def _find_missing_years(self, company):
        return [
            MissingSetting(
                f"holidays_{year}",
                self.env._("No public holidays of %s", str(year)),
                self.env._("Days to pay, to answer and to hand in are counted wrongly."),
                "jinyang_aftersales.aftersales_holiday_load_action",
                context={"default_year": year, "default_company_id": company.id},
            )
            for year in company._aftersales_unknown_years()
        ]

    @api.model
    def _ask_regulation(self, company):
        """:return: pairs of a query that finds rows when something is set, and what is missing else"""
        # sudo: only whether there is one is told
        released = self.env["aftersales.regulation"].sudo()
        query = released._search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "released")
            & Domain("date_effective", "<=", company._aftersales_today())
        )
        setting = MissingSetting(
            "regulation",
            self.env._("No regulation in force"),
            self.env._("The director releases it; until then its rules hold for nobody."),
            "jinyang_aftersales.aftersales_regulation_action",
        )
        return [(query.select(SQL("1")), setting)]

    @api.model
    def _get_staffed_roles(self):
        """Roles somebody should have, with what is missing without them.

        :return: code, external id of the group, title and help
        :rtype: list[tuple[str, str, str, str]]
        """
        titles = {
            "director": self.env._("Nobody is director"),
            "specialist": self.env._("Nobody is service specialist"),
            "callback": self.env._("Nobody is call-back specialist"),
            "archivist": self.env._("Nobody keeps the archive"),
            "developer": self.env._("Nobody is developer"),
        }
        texts = {
            "director": self.env._("Nobody releases the regulation, or decides for the managers."),
            "specialist": self.env._("Nobody takes tickets."),
            "callback": self.env._("Calls and letters fall to the managers."),
            "archivist": self.env._("Nobody receives the paper originals."),
            "developer": self.env._("Nobody works on approved program changes."),
        }
        return [(code, ROLES[code], title, texts[code]) for code, title in titles.items()]

    @api.model
    def _ask_people(self, company):
        """:return: pairs as in :meth:`_ask_regulation`"""
        found = []
        robots = [self.env["ir.model.data"]._xmlid_to_res_id(name) for name in NO_STAFF]
        # sudo: only whether somebody has the role is told
        users = self.env["res.users"].sudo()
        staff = (
            Domain("company_ids", "in", company.id)
            & Domain("share", "=", False)
            & Domain("id", "not in", [robot for robot in robots if robot])
        )
        for code, group, title, text in self._get_staffed_roles():
            member = self.env["ir.model.data"]._xmlid_to_res_id(group)
            query = users._search(staff & Domain("all_group_ids", "in", member))
            setting = MissingSetting(f"role_{code}", title, text, USERS, is_admin=True)
            found.append((query.select(SQL("1")), setting))
        return found

    @api.model
    def _ask_job(self):
        """:return: pairs as in :meth:`_ask_regulation`"""
        cron = self.env["ir.model.data"]._xmlid_to_res_id("jinyang_aftersales.ir_cron_hourly")
        setting = MissingSetting(
            "hourly_job",
            self.env._("The hourly job is switched off"),
            self.env._("Nobody is reminded, and no notice goes out."),
            "base.ir_cron_act",
            is_admin=True,
        )
        # sudo: whether the job is switched on
        query = self.env["ir.cron"].sudo()._search(Domain("id", "=", cron))
        return [(query.select(SQL("1")), setting)]
