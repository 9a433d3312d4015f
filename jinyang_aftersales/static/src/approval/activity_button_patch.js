import {ActivityButton} from "@mail/core/web/activity_button";
import {patch} from "@web/core/utils/patch";
import {useBus} from "@web/core/utils/hooks";

patch(ActivityButton.prototype, {
    setup() {
        super.setup();
        useBus(this.env.bus, "AFTERSALES:DECIDED", ({detail}) => {
            const {record} = this.props;
            // grouped by state the document belongs to another group now; else its row is enough
            if (
                detail.model === record.resModel &&
                detail.id === record.resId &&
                record.model.root.isGrouped
            ) {
                record.model.load();
            }
        });
    },
});
