from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ...groups import MANAGERS

HANDOVER_ACTIVITY = "jinyang_aftersales.mail_activity_handover"
# roles on models of other addons, which say nothing about persons
FOREIGN_ROLES = (
    ("helpdesk.ticket", "user_id"),
    ("helpdesk.ticket.team", "user_id"),
    ("contract.contract", "user_id"),
)
# Approvals are handed over by the subject of approvals itself.
LEFT_OUT = {"aftersales.approval"}


class ResUsers(models.Model):
    """A colleague who leaves: each open work is handed over, and what they did stays theirs."""

    _inherit = "res.users"

    # === Leaving === #

    def write(self, vals):
        """Hand over the work of users who are archived by a program; the dialogue of the screen did it before."""
        if vals.get("active") is False:
            self.check_access("write")
            for user in self.filtered(lambda user: user.active and not user.share):
                user._hand_over_work()
        return super().write(vals)

    def action_archive(self):
        """Ask to whom the open work goes before a colleague is archived.

        :return: the action that opens the dialogue, when one user with open work is archived
        """
        leaver = self.filtered(lambda user: user.active and not user.share)
        asked = self.env.context.get("aftersales_handed_over") or len(self) > 1
        # sudo: administrators of users may have no right on the documents; only how many there are is shown
        if leaver and not asked and leaver.sudo()._get_open_work():
            return leaver._ask_to_hand_over()
        return super().action_archive()

    def _ask_to_hand_over(self):
        """:return: the action that opens the dialogue for this user"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over the Work of %s", self.name),
            "res_model": "aftersales.handover",
            "view_mode": "form",
            "target": "new",
            "context": {"default_user_id": self.id},
        }

    # === Open work === #

    @api.model
    @ormcache()
    def _get_role_fields(self):
        """All stored roles of documents, by the declaration ``person="role"`` of their fields.

        :return: pairs of model and field
        :rtype: tuple
        """
        found = [
            (name, field.name)
            for name, model in sorted(self.env.registry.items())
            if not (model._abstract or model._transient or name in LEFT_OUT) and model._auto
            for field in model._fields.values()
            if field.store
            and field.type in ("many2one", "many2many")
            and field.comodel_name == "res.users"
            and getattr(field, "person", None) == "role"
        ]
        return (*found, *(pair for pair in FOREIGN_ROLES if pair not in found))

    def _get_open_work(self, company=None):
        """Documents whose work these users still have to do; archived documents are nobody's work.

        Called with the rights of the superuser: it only counts, or the caller has checked who hands over.

        :param company: res.company; all by default
        :return: documents by pair of model and field
        :rtype: dict
        """
        work = {}
        # a leaver may be archived already, and is found in roles all the same
        everybody = self.with_context(active_test=False).env
        for name, role in self._get_role_fields():
            model = everybody[name]
            domain = Domain(role, "in", self.ids) & Domain(model._get_open_work_domain(role))
            if company and "company_id" in model._fields:
                domain &= Domain("company_id", "in", (False, company.id))
            elif company and name == "res.company":
                domain &= Domain("id", "=", company.id)
            if model._active_name:
                domain &= Domain(model._active_name, "=", True)
            documents = model.search(domain)
            if documents:
                work[name, role] = documents.with_env(self.env)
        return work

    def _hand_over_work(self, successors=None):
        """Hand over the open work of this user, and the activities that go with it.

        Documents that nobody can take stay, and the managers are told of them by the hourly job.

        :param dict successors: res.users by pair of model and field; else the leader of the team or department
        :return: how many documents are left
        :rtype: int
        """
        self.ensure_one()
        left = 0
        # sudo: who archives users, or hands over for a department, may have no right on all documents; the callers have
        # checked that they may archive the user or hand over
        leaver = self.sudo().with_context(mail_notify_force_send=False)
        for (name, role), documents in leaver._get_open_work().items():
            chosen = successors and successors.get((name, role))
            by_user = defaultdict(documents.browse)
            for document in documents:
                by_user[chosen or leaver._find_successor(document)] |= document
            for user, part in by_user.items():
                left += len(part) if not user else leaver._pass_on(part, role, user)
        return left

    def _pass_on(self, documents, role, user):
        """Hand documents to a user, one after the other: one that cannot be handed over stops no other.

        :return: how many could not be handed over
        """
        left = 0
        for document in documents:
            try:
                with self.env.cr.savepoint():
                    document._take_over_role(role, self, user)
                    self._pass_on_activities(document, user)
            except (UserError, AccessError):
                left += 1
        return left

    def _pass_on_activities(self, document, user):
        """Activities of the leaver go along with the document; Odoo deletes them otherwise."""
        activities = self.env["mail.activity"].search(
            [
                ("user_id", "=", self.id),
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("approval_id", "=", False),
            ]
        )
        activities.write({"user_id": user.id})

    def _find_successor(self, document):
        """The leader who takes a document of this user: of the ticket's team, else of the leaver's department.

        :param document: a document with an open role
        :return: res.users, empty when there is none
        """
        team = document.team_id if "team_id" in document._fields else document.browse()
        leaders = team.user_id if team else self.browse()
        employee = self.employee_ids[:1]
        leaders |= employee.parent_id.user_id | employee.department_id.manager_id.user_id
        company = document.company_id if "company_id" in document._fields else self.browse()
        able = leaders.filtered(
            lambda user: user.active
            and not user.share
            and (not company or company in user.company_ids)
        )
        return (able - self)[:1]

    # === The job === #

    @api.model
    def _check_leavers(self, company, today):
        """Step of the hourly job: managers have a task for everybody who left and still has open work.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        """
        # sudo: the job looks at the documents of all people
        users = self.sudo().with_context(active_test=False)
        leavers = users.search(
            [
                ("active", "=", False),
                ("share", "=", False),
                ("company_ids", "in", company.id),
                ("id", "!=", self.env.ref("base.user_root").id),
            ]
        )
        owing = users.browse()
        for (_name, role), documents in leavers._get_open_work(company).items():
            owing |= documents[role] & leavers
        managers = company._aftersales_managers()
        for leaver in owing:
            leaver.partner_id._notify_users(
                managers,
                HANDOVER_ACTIVITY,
                lambda partner: partner.env._(
                    "%s has left and still has open work: hand it over under Configuration, Hand Over Work.",
                    partner.name,
                ),
                deadline=today,
                once=True,
            )
        kind = self.env.ref(HANDOVER_ACTIVITY)
        settled = (leavers - owing).partner_id.filtered(
            lambda partner: kind in partner.activity_ids.activity_type_id
        )
        settled._withdraw_activities(HANDOVER_ACTIVITY)

    def _check_may_hand_over(self):
        """:raises AccessError: for users who are neither service managers nor administer users"""
        if not (
            self.env.user.has_group(MANAGERS) or self.env.user.has_group("base.group_erp_manager")
        ):
            raise AccessError(self.env._("A service manager hands over the work of colleagues."))
