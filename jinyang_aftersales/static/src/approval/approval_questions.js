import {Component} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Inputs for what a document asks its manager when it is approved; the server says what (`_get_approval_questions`). */
export class ApprovalQuestions extends Component {
    static template = "jinyang_aftersales.ApprovalQuestions";
    static props = {
        // each with name, type, label, required, choices ([value, label]) and the value proposed
        questions: Array,
        // by name
        answers: Object,
        onAnswer: Function,
        // whether somebody tried to approve: what has to be answered and is not is marked
        tried: {type: Boolean, optional: true},
    };

    inputTypes = {boolean: "checkbox", date: "date", float: "number", integer: "number"};

    isMissing(question) {
        return Boolean(this.props.tried && question.required && !this.props.answers[question.name]);
    }

    onInput(question, ev) {
        const {type, choices} = question;
        const {checked, value} = ev.target;
        if (type === "boolean") {
            this.props.onAnswer(question.name, checked);
        } else if (type === "many2one") {
            const chosen = choices.find(([id]) => String(id) === value);
            this.props.onAnswer(question.name, chosen ? chosen[0] : false);
        } else if (type === "integer" || type === "float") {
            this.props.onAnswer(question.name, value === "" ? false : Number(value));
        } else {
            this.props.onAnswer(question.name, value || false);
        }
    }
}

/** The same in the window of the decision: a JSON field of answers beside one of `questions`. */
export class ApprovalAnswersField extends Component {
    static template = "jinyang_aftersales.ApprovalAnswersField";
    static components = {ApprovalQuestions};
    static props = {...standardFieldProps};

    get questions() {
        return this.props.record.data.questions || [];
    }

    get answers() {
        return this.props.record.data[this.props.name] || {};
    }

    onAnswer(name, value) {
        this.props.record.update({[this.props.name]: {...this.answers, [name]: value}});
    }
}

registry.category("fields").add("approval_answers", {
    component: ApprovalAnswersField,
    supportedTypes: ["json"],
});
