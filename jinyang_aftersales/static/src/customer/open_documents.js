import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * What is open for a customer, one button for each kind of document; a click opens the list.
 */
export class OpenDocuments extends Component {
    static template = "jinyang_aftersales.OpenDocuments";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get kinds() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(code) {
        const {resId, resModel} = this.props.record;
        this.action.doAction(await this.orm.call(resModel, "action_view_open", [[resId], code]));
    }
}

registry.category("fields").add("aftersales_open_documents", {
    component: OpenDocuments,
    supportedTypes: ["json"],
});
