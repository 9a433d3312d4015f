from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...groups import DEVELOPERS, MANAGERS, SPECIALISTS
from ..shared.steps import Step
from .values import PROMISED

DRAFT = frozenset({"draft"})
OPEN_STATES = DRAFT | {"submitted", "confirmed", *PROMISED}
WORKED_ON = frozenset({"approved", "development", "testing"})
# the customer's request
REQUEST_FIELDS = frozenset(
    {
        "title",
        "description",
        "reason",
        "partner_id",
        "contact_id",
        "installation_id",
        "customer_requested_on",
    }
)
PAPER_FIELDS = frozenset({"module", "confirmed_need", "scan", "scan_name"})
DEVELOPMENT_FIELDS = frozenset({"development_notes", "estimated_hours"})


class AftersalesChangeRequest(models.Model):
    """Steps of a program change, who takes them and what they need; in which states fields are written, and by whom."""

    _inherit = "aftersales.change.request"

    _steps = (
        Step(
            "draft",
            "submitted",
            "action_submit",
            needed=("title", "description", "contact_id"),
            by_card=True,
        ),
        Step("submitted", "draft", "action_withdraw", by_card=True),
        Step("submitted", "confirmed", "action_confirm", needed=("confirmed_need",), by_card=True),
        Step("confirmed", "submitted", "action_unconfirm"),
        Step("confirmed", "approved", "action_approve"),
        Step("confirmed", "refused", "action_refuse"),
        Step("approved", "development", "action_start_development", by_card=True),
        Step("development", "testing", "action_to_testing", by_card=True),
        Step("testing", "development", "action_record_test"),
        Step("testing", "deploying", "action_record_test"),
        Step("deploying", "development", "action_send_back"),
        Step("deploying", "testing", "action_send_back"),
        Step("deploying", "done", "action_done", by_card=True),
        Step("draft", "cancelled", "action_cancel"),
        Step("submitted", "cancelled", "action_cancel"),
        Step("confirmed", "cancelled", "action_cancel"),
        Step("approved", "cancelled", "action_cancel"),
        Step("development", "cancelled", "action_cancel"),
        Step("testing", "cancelled", "action_cancel"),
        Step("refused", "draft", "action_draft"),
        Step("cancelled", "draft", "action_draft"),
    )
    _field_states = {
        **dict.fromkeys(REQUEST_FIELDS | {"kind"}, DRAFT),
        # until the need is confirmed: the paper may be added, and the request made precise
        **dict.fromkeys(PAPER_FIELDS, DRAFT | {"submitted"}),
        **dict.fromkeys(DEVELOPMENT_FIELDS, DRAFT | WORKED_ON),
        # fixed before decisions: the colleague at work does not decide, and is not exchanged to get around that
        "developer_id": OPEN_STATES - {"confirmed", "deploying"},
        "user_id": OPEN_STATES - {"confirmed"},
        **dict.fromkeys(("deploy_visit_id", "deploy_ticket_id"), DRAFT | {"deploying"}),
        **dict.fromkeys(("ticket_id", "chargeable"), OPEN_STATES),
    }

    # === Fields === #

    def _get_frozen_fields(self):
        # what has been filed once keeps its kind, also when it goes back to the draft
        frozen = super()._get_frozen_fields()
        return frozen | {"kind"} if self.kind_filed or self.filed_by_id else frozen

    def _describe_frozen(self, names):
        if names == {"kind"}:
            return self.env._(
                "%s has been filed: a service manager corrects its kind, with a reason.",
                self.display_name,
            )
        return super()._describe_frozen(names)

    def _check_locked_vals(self, vals):
        user = self.env.user
        if not self.env.su and not user.has_group(SPECIALISTS):
            for change in self:
                foreign = change._changed_fields(vals, set(vals) - DEVELOPMENT_FIELDS)
                if foreign:
                    raise AccessError(
                        self.env._(
                            "Developers write the development part only, not: %s",
                            change._labels(foreign),
                        )
                    )
        return super()._check_locked_vals(vals)

    # === Constraints === #

    @api.constrains("developer_id", "company_id")
    def _check_developer(self):
        for change in self:
            # sudo: reads companies and groups of the developer, for users without access to them
            developer = change.sudo().developer_id
            if developer and (
                change.company_id not in developer.company_ids
                or not developer.has_group(DEVELOPERS)
            ):
                raise ValidationError(
                    self.env._("%s is no developer of the company.", developer.name)
                )

    # === Obstacles === #

    def _get_missing_fields(self, step):
        missing = super()._get_missing_fields(step)
        if not missing and step.target == "confirmed":
            missing = self._get_missing_paper()
        return missing

    def _get_missing_paper(self):
        """五.4.1: a request is filled in and sealed by the customer; what was filed as a bug needs no paper.

        :return: names of the fields of which one has to be filled
        :rtype: list[str]
        """
        self.ensure_one()
        if self._get_filed_kind() == "bug" or self.scan or self.original_holder_id:
            return []
        return ["scan", "original_holder_id"]

    @api.model
    def _get_paper_kinds(self):
        return ("change_request",)

    @api.model
    def _get_owed_domain(self):
        return super()._get_owed_domain() & Domain("kind_filed", "!=", "bug")

    @api.model
    def _get_owed_fields(self):
        return [*super()._get_owed_fields(), "kind_filed"]

    def _get_hand_in_start(self):
        """五.7.4: the paper is handed in once the need is confirmed, or the request has come to nothing."""
        received = super()._get_hand_in_start()
        if not received or self.state in ("draft", "submitted"):
            return False
        company = self.company_id
        begun = company._aftersales_day(self.confirmed_on) or company._aftersales_today()
        return max(received, begun)

    def _get_filed_kind(self):
        """:return: code of the kind that decides about the paper: what the customer asked for"""
        return self.kind_filed or self.kind

    def _get_kind_obstacle(self):
        """Why the user cannot correct the kind now.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGERS):
            return self.env._("A service manager corrects the kind of what has been filed.")
        if not self.kind_filed:
            return self.env._(
                "%s has not been filed yet: enter its kind in the form.", self.display_name
            )
        if self.state not in OPEN_STATES:
            return self.env._(
                "%(document)s is %(state)s: its kind stays as it is.",
                document=self.display_name,
                state=self._state_label(),
            )
        return False

    def _get_role_obstacle(self, step):
        if self.env.su:
            # filed by the customer on the portal, which has checked access
            return False
        user = self.env.user
        if step.action in ("action_start_development", "action_to_testing"):
            return self._get_development_obstacle()
        if step.action == "action_record_test":
            return self._get_test_obstacle()
        if not user.has_group(SPECIALISTS):
            return self.env._("A service specialist does this, not the developer.")
        cancels = step.action == "action_cancel" and step.source in WORKED_ON
        if cancels and not user.has_group(MANAGERS):
            return self.env._(
                "The customer has been promised %s: only a service manager cancels it.",
                self.display_name,
            )
        return super()._get_role_obstacle(step)

    def _get_further_obstacle(self, step):
        if step.action == "action_done":
            return self._get_closing_obstacle()
        return super()._get_further_obstacle(step)

    def _get_development_obstacle(self):
        """:return: why the user cannot take a step of the developer, False when nothing is in the way"""
        user = self.env.user
        # a manager may take the step for the developer in charge
        if user.has_group(MANAGERS) and self.developer_id:
            return False
        if not user.has_group(DEVELOPERS):
            return self.env._("The developer does this, or a service manager once there is one.")
        if self.developer_id and self.developer_id != user:
            return self.env._(
                "%(document)s is developed by %(user)s.",
                document=self.display_name,
                # sudo: a colleague's name
                user=self.developer_id.sudo().name,
            )
        return False

    def _get_test_obstacle(self):
        """五.4.6: the specialist who confirmed the need tests the change.

        :return: why the user cannot test now, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        user = self.env.user
        if self.state != "testing":
            return self.env._("%s is not in test.", self.display_name)
        if user == self.developer_id:
            return self.env._("Who developed it does not test it.")
        if user == self.confirmed_by_id or user.has_group(MANAGERS):
            return False
        return self.env._(
            "%s, who confirmed the need with the customer, tests it; a service manager in their place.",
            # sudo: a colleague's name
            self.confirmed_by_id.sudo().name,
        )

    def _get_closing_obstacle(self):
        """:return: why the change cannot be closed yet, False when the customer has given an opinion"""
        if not self.deployed_on:
            return self.env._("%s has not been updated at the customer's yet.", self.display_name)
        if self.no_opinion_reason:
            return False
        if not self.opinion_result:
            return self.env._(
                "%s is closed with the customer's opinion: record it first.", self.display_name
            )
        if self.opinion_result == "unsatisfied" and not self.env.user.has_group(MANAGERS):
            return self.env._(
                "The customer is not satisfied with %s: send it back, or have a service manager close it.",
                self.display_name,
            )
        return False

    # === Who decides === #

    def _get_involved_users(self):
        # no decision by the colleagues who submitted, confirmed or develop it, nor by the specialist in charge
        return (
            super()._get_involved_users()
            | self.submitted_by_id
            | self.confirmed_by_id
            | self.developer_id
            | self.user_id
        )

    @api.model
    def _get_approval_fields(self):
        return {"date_promised": True, "developer_id": False}

    def _get_approval_defaults(self):
        proposed = super()._get_approval_defaults()
        if len(self) == 1:
            # the day the customer was told in the record of the bug, unless it has passed
            known = self.ticket_id.date_promised
            if known and known >= self.company_id._aftersales_today():
                proposed["date_promised"] = fields.Date.to_string(known)
            proposed["developer_id"] = self.developer_id.id
        return proposed

    def _get_reason_question(self, action):
        if action == "action_approve":
            return self.env._("%s: write the review opinion (五.4.4).", self.display_name)
        return super()._get_reason_question(action)

    def _prepare_decision_vals(self, action, said, values):
        vals = super()._prepare_decision_vals(action, said, values)
        if action != "action_approve":
            return vals
        try:
            day = fields.Date.to_date(vals.pop("date_promised", False) or False)
        except (TypeError, ValueError):
            day = False
        if not day or day < self.company_id._aftersales_today():
            raise UserError(
                self.env._(
                    "%s is approved with a promised date, today or later: open it and use its button"
                    " Approve or Refuse.",
                    self.display_name,
                )
            )
        if not vals.get("developer_id"):
            # without a new choice the developer stays the same
            vals.pop("developer_id", None)
        return {**vals, "date_promised": day}
