import {FormController} from "@web/views/form/form_controller";
import {Record} from "@web/model/relational_model/record";
import {patch} from "@web/core/utils/patch";

// What a form has loaded: the texts that several people write, and what a customer reads before signing.
const VERSIONS = ["texts_version", "shown_version"];
// The version as it was loaded: the one in the data may be newer after an onchange.
const getVersion = (record, name = "texts_version") => record.resId && record._values?.[name];

/**
 * Sends along which versions a form has loaded, so that the server refuses to overwrite what somebody else has written
 * since, and to take a signature for something else. Who is told, and discards what was entered, sees what is there now.
 * A form that is saved while its tab is closed does not come by here.
 */
patch(FormController.prototype, {
    async onWillSaveRecord(record, changes) {
        for (const name of VERSIONS.filter((version) => getVersion(record, version))) {
            changes[name] = getVersion(record, name);
        }
        return super.onWillSaveRecord(...arguments);
    },

    async onSaveError() {
        this.isRefused = true;
        return super.onSaveError(...arguments);
    },

    async discard() {
        await super.discard(...arguments);
        const {root} = this.model;
        if (this.isRefused && getVersion(root)) {
            this.isRefused = false;
            await root.load();
        }
    },
});

/**
 * A tab that is closed tells nobody: the server keeps in the log what would overwrite the text of somebody else.
 */
patch(Record.prototype, {
    _getChanges() {
        const changes = super._getChanges(...arguments);
        if (this.model._urgentSave && getVersion(this) && Object.keys(changes).length) {
            changes.closing_version = getVersion(this);
        }
        return changes;
    },
});
