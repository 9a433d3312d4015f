import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

import {APPROVAL_CATEGORY, ApprovalDecision} from "./approval_decision";

ActivityListPopoverItem.components = {...ActivityListPopoverItem.components, ApprovalDecision};

patch(ActivityListPopoverItem.prototype, {
    get isApproval() {
        return this.props.activity.activity_category === APPROVAL_CATEGORY;
    },

    get hasCancelButton() {
        return super.hasCancelButton && !this.isApproval;
    },

    get hasEditButton() {
        return super.hasEditButton && !this.isApproval;
    },

    get hasMarkDoneButton() {
        return super.hasMarkDoneButton && !this.isApproval;
    },

    onDecided(thread) {
        // a kanban by state moves the card: see the patch of ActivityButton
        this.env.bus.trigger("AFTERSALES:DECIDED", {model: thread.model, id: thread.id});
        this.props.onActivityChanged?.(thread);
    },
});
