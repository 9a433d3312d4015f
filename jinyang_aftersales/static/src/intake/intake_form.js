import {Component} from "@odoo/owl";

import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {useAutofocus} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";

/** Fields of a new customer with contact and software, or of a new contact. */
export class IntakeForm extends Component {
    static template = "jinyang_aftersales.IntakeForm";
    static components = {DateTimeInput};
    static props = {
        form: Object,
        // whether a whole customer is entered, not a contact of a known one
        isCustomer: Boolean,
        onInput: Function,
    };

    setup() {
        useAutofocus({refName: "first", mobile: true});
        // the first field that is not filled yet is where one goes on
        this.firstAtStart = this.fields.find(({name}) => !this.values[name])?.name;
    }

    get fields() {
        const person = [
            {name: "contact", label: _t("Contact")},
            {name: "phone", label: _t("Mobile Phone"), type: "tel"},
            {name: "department", label: _t("Department")},
            {name: "qq", label: _t("QQ Number"), mode: "numeric"},
            {name: "landline", label: _t("Landline"), type: "tel"},
            {name: "email", label: _t("Email"), type: "email"},
        ];
        const company = [{name: "name", label: _t("Customer"), wide: true}];
        return this.props.isCustomer ? [...company, ...person] : person;
    }

    get values() {
        return this.props.form.values;
    }

    isChosen(product) {
        return String(product.id) === String(this.values.product_id);
    }

    getDay(name) {
        return this.values[name] ? deserializeDate(this.values[name]) : false;
    }

    onDay(name, day) {
        this.props.onInput(name, day ? serializeDate(day) : "");
    }
}
