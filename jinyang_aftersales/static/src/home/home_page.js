import {Component, markup, onWillStart, useExternalListener, useState} from "@odoo/owl";

import {browser} from "@web/core/browser/browser";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {formatFloat, formatInteger, formatMonetary} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {IntakeDialog} from "../intake/intake_dialog";

const MODEL = "aftersales.home";

/** The home page of a role: what is to be done, as numbers that lead to their lists. */
export class HomePage extends Component {
    static template = "jinyang_aftersales.HomePage";
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.state = useState({page: null});
        // back from a list, the same tab is shown
        const last = browser.sessionStorage.getItem(this.key);
        // who has no longer the role of that tab sees the page of another one
        onWillStart(() => (last ? this.load(last).catch(() => this.load()) : this.load()));
        // back from another tab of the browser, or from another program
        useExternalListener(document, "visibilitychange", () => {
            if (document.visibilityState === "visible") {
                return this.load(this.state.page?.role);
            }
        });
    }

    get key() {
        return `aftersales_home_role_${user.userId}`;
    }

    async load(role) {
        this.state.page = await this.orm.call(MODEL, "get_page", [role || null]);
        browser.sessionStorage.setItem(this.key, this.state.page.role);
    }

    // -- what is shown --

    get dayText() {
        const day = deserializeDate(this.state.page.day);
        return `${formatDate(day)} ${day.toFormat("cccc")}`;
    }

    get hasIntake() {
        return session.aftersales_takes_calls;
    }

    /** Nothing on the whole page, as on the first day. */
    get isEmpty() {
        const {sections, visits, missing} = this.state.page;
        const cards = sections.flatMap((section) => section.cards);
        return !cards.some((card) => card.value) && !visits?.length && !missing.length;
    }

    get visitDays() {
        const {visits} = this.state.page;
        const days = [
            {title: _t("Today"), visits: visits.filter((visit) => visit.is_today)},
            {title: _t("Tomorrow"), visits: visits.filter((visit) => !visit.is_today)},
        ];
        return days.filter((day) => day.visits.length);
    }

    /** Where all are late, the number itself is red and says so. */
    isPartlyLate(card) {
        return card.late && card.late !== card.value;
    }

    formatNumber(value, card) {
        if (card.kind === "sum") {
            return formatMonetary(value, {currencyId: this.state.page.currency_id});
        }
        return formatInteger(value);
    }

    formatCell(value) {
        return Number.isInteger(value) ? formatInteger(value) : formatFloat(value);
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }

    formatTime(moment) {
        return deserializeDateTime(moment).toFormat("HH:mm");
    }

    phoneLink(phone) {
        return `tel:${phone.replace(/[^\d+]/g, "")}`;
    }

    // -- what is opened --

    async openCard(code, part = "all", person = null) {
        const params = [this.state.page.role, code, part, person];
        const action = await this.orm.call(MODEL, "open_card", params);
        // the help of the window, which comes from its view
        await this.action.doAction({...action, help: action.help && markup(action.help)});
    }

    openVisit(visit) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.visit",
            res_id: visit.id,
            views: [[false, "form"]],
        });
    }

    async openSetting(code) {
        const action = await this.orm.call(MODEL, "open_setting", [code]);
        // a dialogue that is closed has perhaps set what was missing
        return this.action.doAction(action, {
            onClose: () => this.load(this.state.page.role),
        });
    }

    openIntake() {
        this.dialog.add(IntakeDialog, {}, {onClose: () => this.load(this.state.page.role)});
    }
}

registry.category("actions").add("aftersales_home", HomePage);
