from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...groups import DEVELOPERS, MANAGERS, SPECIALISTS

OPEN = frozenset(
    {"draft", "submitted", "confirmed", "approved", "development", "testing", "deploying"}
)
# until the need is confirmed the paper may come in, and what it asks for is made precise
BEFORE_CONFIRMED = frozenset({"draft", "submitted"})
PAPER_FIELDS = frozenset(
    {"kind", "module", "confirmed_need", "scan", "scan_name", "original_holder_id"}
)
WORKED_ON = frozenset({"approved", "development", "testing"})
DEVELOPMENT_FIELDS = frozenset({"development_notes", "estimated_hours"})
DEVELOPER_MOVES = frozenset({("approved", "development"), ("development", "testing")})
TEST_MOVES = frozenset({("testing", "development"), ("testing", "deploying")})


class AftersalesChangeRequest(models.Model):
    """What may be written when and by whom, and what a program change needs before it goes on."""

    _inherit = "aftersales.change.request"

    # === Fields === #

    def _get_open_states(self):
        """In which states users write which fields; fields not named here are free until the change is closed.

        :return: the states, by name of the field
        :rtype: dict[str, frozenset[str]]
        """
        states = dict.fromkeys(self._submitted_fields, frozenset({"draft"}))
        states |= dict.fromkeys(PAPER_FIELDS, BEFORE_CONFIRMED)
        states |= dict.fromkeys(DEVELOPMENT_FIELDS, WORKED_ON)
        # who works on it may not be put out of the way of a decision
        states["developer_id"] = OPEN - {"confirmed", "deploying"}
        states["user_id"] = OPEN - {"confirmed"}
        states |= dict.fromkeys(("deploy_visit_id", "deploy_ticket_id"), frozenset({"deploying"}))
        states |= dict.fromkeys(("ticket_id", "chargeable"), OPEN)
        return states

    def _get_frozen_fields(self):
        states = self._get_open_states()
        return {name for name, opened in states.items() if self.state not in opened} | {
            "company_id"
        }

    def _check_document_write(self, vals):
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
        return super()._check_document_write(vals)

    # === Constraints === #

    @api.constrains("developer_id", "company_id")
    def _check_developer(self):
        for change in self:
            # sudo: whether he belongs to the company, whoever chooses him
            developer = change.sudo().developer_id
            if developer and (
                change.company_id not in developer.company_ids
                or not developer.has_group(DEVELOPERS)
            ):
                raise ValidationError(
                    self.env._("%s is no developer of the company.", developer.name)
                )

    # === Before it goes on === #

    def _get_needed_fields(self, state):
        """Fields that have to be filled before the change goes to a state.

        :param str state: where to go
        :rtype: list[str]
        """
        if state == "submitted":
            return ["title", "description", "contact_id"]
        if state == "confirmed":
            return ["confirmed_need"]
        return []

    def _get_missing_paper(self):
        """五.4.1: the customer fills the request in and seals it; a bug is reported without.

        :return: names of the fields of which one has to be filled
        :rtype: list[str]
        """
        self.ensure_one()
        if self.kind == "bug" or self.scan or self.original_holder_id:
            return []
        return ["scan", "original_holder_id"]

    def _get_move_obstacle(self, state):
        obstacle = super()._get_move_obstacle(state) or self._get_role_obstacle(state)
        if obstacle:
            return obstacle
        missing = []
        if state != "submitted" or self.state == "draft":
            missing = [name for name in self._get_needed_fields(state) if not self[name]]
        if not missing and state == "confirmed":
            missing = self._get_missing_paper()
        if missing:
            return self.env._(
                "%(document)s: fill in %(fields)s first.",
                document=self.display_name,
                fields=self._labels(missing),
            )
        return self._get_closing_obstacle() if state == "done" else False

    def _get_role_obstacle(self, state):
        """Why not this user, whatever else is in order; the arguments are those of ``_get_move_obstacle``."""
        if self.env.su:
            # the customer's own request, filed by the portal after its checks
            return False
        user, move = self.env.user, (self.state, state)
        if move in DEVELOPER_MOVES:
            return self._get_development_obstacle()
        if move in TEST_MOVES:
            return self._get_test_obstacle()
        if not user.has_group(SPECIALISTS):
            return self.env._("A service specialist does this, not the developer.")
        if state == "cancelled" and self.state in WORKED_ON and not user.has_group(MANAGERS):
            return self.env._(
                "The customer has been promised %s: only a service manager cancels it.",
                self.display_name,
            )
        return False

    def _get_development_obstacle(self):
        """:return: why the user cannot take the developer's step, False when nothing is in the way"""
        user = self.env.user
        # a manager may record it for the developer he chose
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
        """五.4.6: who reported it tests it.

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
            "%s, who confirmed the need with the customer, tests it; a service manager in his place.",
            # sudo: a colleague's name
            self.confirmed_by_id.sudo().name,
        )

    def _get_closing_obstacle(self):
        """:return: why the change cannot be closed yet, False when the customer has said what he thinks of it"""
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

    def _get_leader(self):
        # sudo: who leads the ticket's team, whatever the specialist may read
        return self.sudo().ticket_id.team_id.user_id.sudo(False)

    def _get_involved_users(self):
        # neither who asked for it, nor who confirmed it, nor who does the work
        return (
            super()._get_involved_users()
            | self.submitted_by_id
            | self.confirmed_by_id
            | self.developer_id
            | self.user_id
        )

    @api.model
    def _get_approval_fields(self):
        return ["date_promised", "developer_id"]

    def _prepare_approval_vals(self, opinion, values):
        said = super()._prepare_approval_vals(opinion, values)
        if not isinstance(opinion, str) or not opinion.strip():
            raise UserError(self.env._("%s: write the review opinion (五.4.4).", self.display_name))
        try:
            day = fields.Date.to_date(said.pop("date_promised", False) or False)
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
        if not said.get("developer_id"):
            said.pop("developer_id", None)
        return {**said, "date_promised": day}
