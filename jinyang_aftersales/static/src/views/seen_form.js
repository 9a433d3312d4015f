import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

const VERSIONS = ["record_version", "shown_version"];

/**
 * Sends along what the form has loaded: the version of a ticket, so that the server refuses to overwrite what somebody
 * else has written since, and the fingerprint of what a customer reads before signing, so that nothing else is signed. A
 * form that is saved while its tab is closed sends none: a refusal would lose its text, while an overwritten text stays
 * in the log.
 */
export class SeenFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        for (const name of VERSIONS) {
            if (record.resId && record.data[name]) {
                changes[name] = record.data[name];
            }
        }
        return super.onWillSaveRecord(...arguments);
    }
}

registry
    .category("views")
    .add("aftersales_seen_form", {...formView, Controller: SeenFormController});
