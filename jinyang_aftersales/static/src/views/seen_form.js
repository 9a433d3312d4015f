import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/**
 * Sends along what the form has loaded: the fingerprint of what a customer reads before signing, so that nothing else is
 * signed. A form that is saved while its tab is closed sends none.
 */
export class SeenFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        if (record.resId && record.data.shown_version) {
            changes.shown_version = record.data.shown_version;
        }
        return super.onWillSaveRecord(...arguments);
    }
}

registry
    .category("views")
    .add("aftersales_seen_form", {...formView, Controller: SeenFormController});
