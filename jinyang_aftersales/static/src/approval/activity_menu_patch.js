import {ActivityMenu} from "@mail/core/web/activity_menu";
import {patch} from "@web/core/utils/patch";

import {APPROVAL_CATEGORY} from "./approval_decision";

patch(ActivityMenu.prototype, {
    openActivityGroup(group, filter, newWindow) {
        if (group.type !== APPROVAL_CATEGORY) {
            return super.openActivityGroup(...arguments);
        }
        this.dropdown.close();
        this.action.doAction("jinyang_aftersales.mail_activity_action_approval", {
            newWindow,
            clearBreadcrumbs: true,
        });
    },
});
