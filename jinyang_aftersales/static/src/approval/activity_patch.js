import {Activity} from "@mail/core/web/activity";
import {patch} from "@web/core/utils/patch";

import {APPROVAL_CATEGORY, ApprovalDecision} from "./approval_decision";

Activity.components = {...Activity.components, ApprovalDecision};

patch(Activity.prototype, {
    get isApproval() {
        return this.props.activity.activity_category === APPROVAL_CATEGORY;
    },

    /** The decision changes the document: the form shows its new state. */
    async onDecided(thread) {
        this.props.onActivityChanged(thread);
        await this.props.reloadParentView();
    },
});
