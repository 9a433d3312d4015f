from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...groups import MANAGERS, SPECIALISTS
from ...tools.text import list_words
from ..shared.steps import Step
from .values import ACCEPTANCE, BEFORE_ACCEPTANCE, DRAFT, PLAN, RESULT, RUNNING, WORK


class AftersalesImplementation(models.Model):
    """Steps of an implementation, who takes them and what they need; in which states fields are written, by whom."""

    _inherit = "aftersales.implementation"

    _steps = (
        Step(
            "draft",
            "running",
            "action_start",
            needed=("date_start", "date_end", "engineer_ids", "lead_engineer_id"),
        ),
        Step("running", "finished", "action_finish"),
        Step("finished", "running", "action_resume"),
        Step(
            "finished",
            "accepted",
            "action_sign",
            needed=("signed_by_name", "customer_signature"),
        ),
        Step("accepted", "finished", "action_reopen"),
        Step("accepted", "closed", "action_close"),
        Step("draft", "cancelled", "action_cancel"),
        Step("running", "cancelled", "action_cancel"),
        Step("finished", "cancelled", "action_cancel"),
        Step("cancelled", "draft", "action_draft"),
    )
    _field_states = {
        **dict.fromkeys(PLAN, DRAFT),
        **dict.fromkeys(WORK, RUNNING),
        **dict.fromkeys(RESULT | {"user_id", "chargeable"}, BEFORE_ACCEPTANCE),
        **dict.fromkeys(ACCEPTANCE, frozenset({"finished"})),
    }

    # === Steps === #

    def _get_role_obstacle(self, step):
        again = step.action in ("action_resume", "action_reopen")
        if again and not self.env.user.has_group(MANAGERS):
            return self.env._("Only a service manager takes up again what has ended.")
        ended = (step.source, step.action) == ("finished", "action_cancel")
        if ended and not self.env.user.has_group(MANAGERS):
            # 七.6: nobody gets rid of the forms by cancelling what has ended
            return self.env._("Only a service manager cancels what has ended.")
        return super()._get_role_obstacle(step)

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_cancel": self.env._("Cancel the Implementation"),
        }

    @api.model
    def _get_asked_steps(self):
        return {
            **super()._get_asked_steps(),
            "action_resume": self.env._("Take Up Again"),
            "action_reopen": self.env._("Reopen"),
        }

    def _get_further_obstacle(self, step):
        if step.action == "action_finish":
            if self.date_start > self.company_id._aftersales_today():
                return self.env._("%s has not begun yet.", self.display_name)
        elif step.action == "action_sign":
            return self._get_choice_obstacle() or self._get_installation_obstacle()
        elif step.action == "action_close":
            return self._get_forms_obstacle()
        return super()._get_further_obstacle(step)

    # === Fields === #

    @api.model_create_multi
    def create(self, vals_list):
        unlocked = self._get_unlocked_fields(rows=len(vals_list))
        for vals in vals_list:
            self._clean_values(vals)
            early = {name for name in ACCEPTANCE - unlocked if vals.get(name)}
            if early:
                raise UserError(
                    self.env._("A new implementation is planned first: %s", self._labels(early))
                )
        return super().create(vals_list)

    def write(self, vals):
        self._clean_values(vals)
        freely = self._check_end_day(vals)
        result = super().write(vals)
        if freely:
            freely._write_unlocked({"is_end_moved": True})
            freely._close_deadline("implementation_end")
        return result

    @api.model
    def _clean_values(self, vals):
        """Normalise serial number and customer, and check a signature.

        :param dict vals: values about to be stored, changed in place
        """
        self._check_signature(vals)
        if "serial_issued" in vals:
            vals["serial_issued"] = self.env["aftersales.installation"]._normalise_serial(
                vals["serial_issued"]
            )
        if vals.get("partner_id"):
            # software is installed at a company: replace a chosen contact by its company
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id

    def _describe_frozen(self, names):
        if self.state != "draft":
            return super()._describe_frozen(names)
        return self.env._(
            "%(document)s is %(state)s: %(fields)s come with the acceptance.",
            document=self.display_name,
            state=self._state_label(),
            fields=self._labels(names),
        )

    def _check_end_day(self, vals):
        """三.8: the end of work that has begun is moved once, before it has come, then by an announced delay.

        :param dict vals: values about to be written
        :return: implementations whose end is moved freely now
        :rtype: aftersales.implementation
        :raises UserError: telling to announce a delay
        """
        if "date_end" not in vals or "date_end" in self._get_unlocked_fields():
            return self.browse()
        running = self.filtered(lambda row: row.state == "running")
        freely, bound = running._find_bound_days(
            vals, "date_end", "implementation_end", "is_end_moved"
        )
        for row in self - running:
            # also where nobody has recorded the begin, for ends from the day of the update on
            company = row.company_id
            passed = row.date_end and row.date_end < company._aftersales_today()
            if row.state == "draft" and passed and company._aftersales_owes_since(row.date_end):
                bound |= row.filtered(lambda row: row._changed_fields(vals, {"date_end"}))
        if bound:
            raise UserError(
                self.env._(
                    "%s: the end is moved once, before it has come. Now announce the delay with its reason.",
                    bound[0].display_name,
                )
            )
        return freely

    @api.constrains("installation_id", "product_id")
    def _check_product(self):
        for row in self.sudo():
            installed = row.installation_id.product_id
            if installed and installed != row.product_id:
                raise ValidationError(
                    self.env._(
                        "%(document)s installs %(new)s, not %(old)s.",
                        document=row.name,
                        new=row.product_id.display_name,
                        old=installed.display_name,
                    )
                )

    @api.constrains("engineer_ids", "lead_engineer_id", "company_id")
    def _check_engineers(self):
        for row in self.sudo():
            company = row.company_id
            strangers = row.engineer_ids.filtered(
                lambda user, company=company: user.share or company not in user.company_ids
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(users)s cannot be sent: only own employees of the company implement software.",
                        users=list_words(self.env, strangers.mapped("name")),
                    )
                )
            lead = row.lead_engineer_id
            if lead and (lead not in row.engineer_ids or not lead.has_group(SPECIALISTS)):
                raise ValidationError(
                    self.env._(
                        "The lead engineer is one of the engineers and a service specialist."
                    )
                )
