import {Component} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What one decides or asks by, beside the question (`tools/facts.py`); of many documents only the first is unfolded. */
export class FactsField extends Component {
    static template = "jinyang_aftersales.FactsField";
    static props = {...standardFieldProps};

    get documents() {
        return this.props.record.data[this.props.name] || [];
    }

    getLink(phone) {
        return `tel:${phone.replace(/[^0-9+]/g, "")}`;
    }

    isOpen(index) {
        return this.documents.length < 4 || index === 0;
    }
}

registry.category("fields").add("aftersales_facts", {
    component: FactsField,
    supportedTypes: ["json"],
});
