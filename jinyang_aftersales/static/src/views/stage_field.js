import {registry} from "@web/core/registry";
import {
    StatusBarDurationField,
    statusBarDurationField,
} from "@mail/views/fields/statusbar_duration/statusbar_duration_field";

/**
 * The stage after a refusal is the stage before: what was entered is saved first, so that nothing is lost with it.
 */
export class StageField extends StatusBarDurationField {
    async selectItem(item) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        try {
            await super.selectItem(item);
        } finally {
            if (await record.isDirty()) {
                await record.discard();
            }
        }
    }
}

registry.category("fields").add("aftersales_stage", {
    ...statusBarDurationField,
    component: StageField,
    // the looks of the bar hang on its name
    additionalClasses: ["o_field_statusbar", "o_field_statusbar_duration"],
});
