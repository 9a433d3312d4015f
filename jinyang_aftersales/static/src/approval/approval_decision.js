import {Component, useRef, useState} from "@odoo/owl";

import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

import {ApprovalQuestions} from "./approval_questions";

export const APPROVAL_CATEGORY = "aftersales_approval";

/** Approve and Refuse with an opinion, in place of what ends other activities; for the rest: who is asked. */
export class ApprovalDecision extends Component {
    static template = "jinyang_aftersales.ApprovalDecision";
    static components = {ApprovalQuestions};
    static props = {
        activity: Object,
        // called with the thread after the decision, and after an attempt somebody else was faster
        onDecided: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.opinion = useRef("opinion");
        this.state = useState({
            opinion: "",
            answers: Object.fromEntries(this.questions.map(({name, value}) => [name, value])),
            missing: false,
            tried: false,
            busy: false,
        });
    }

    /** What the document asks besides the opinion. */
    get questions() {
        return this.props.activity.approval_questions || [];
    }

    onAnswer(name, value) {
        this.state.answers[name] = value;
    }

    get waitingText() {
        const name = this.props.activity.user_id?.name;
        return name ? _t("Waiting for the decision of %s", name) : _t("Waiting for a decision");
    }

    approve() {
        this.state.tried = true;
        if (this.questions.some(({name, required}) => required && !this.state.answers[name])) {
            return;
        }
        return this.decide("action_approve_document");
    }

    refuse() {
        this.state.missing = !this.state.opinion.trim();
        if (this.state.missing) {
            this.opinion.el.focus();
            return;
        }
        return this.decide("action_refuse_document");
    }

    async decide(method) {
        // a second click before the answer is no second decision
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const {activity, onDecided} = this.props;
        const {id, res_model, res_id, approval_id} = activity;
        const thread = this.store.Thread.insert({model: res_model, id: res_id});
        try {
            const said = {
                opinion: this.state.opinion,
                approval_ids: approval_id ? [approval_id] : [],
            };
            if (method === "action_approve_document" && this.questions.length) {
                said.values = {...this.state.answers};
            }
            await this.orm.call("mail.activity", method, [[id]], said);
        } catch (error) {
            this.state.busy = false;
            // what is on the screen is out of date: show the truth under the reason
            onDecided(thread);
            throw error;
        }
        activity.remove();
        // mail counts down by itself what is due by the day of the server, which begins later than the company's
        this.store.fetchStoreData("systray_get_activities");
        this.store.activityBroadcastChannel?.postMessage({
            type: "RELOAD_CHATTER",
            payload: {id: res_id, model: res_model},
        });
        onDecided(thread);
    }
}
