import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/**
 * Sends along which version of the ticket the form has loaded, so that the server refuses to overwrite what somebody
 * else has written since. A form that is saved while its tab is closed sends none: a refusal would lose its text, while
 * an overwritten text stays in the log.
 */
export class TicketFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        if (record.resId && record.data.record_version) {
            changes.record_version = record.data.record_version;
        }
        return super.onWillSaveRecord(...arguments);
    }
}

registry
    .category("views")
    .add("aftersales_ticket_form", {...formView, Controller: TicketFormController});
