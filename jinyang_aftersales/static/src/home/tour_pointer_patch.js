import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";
import {TourPointer} from "@web_tour/js/tour_pointer/tour_pointer";

/**
 * Show the pointer in and after a dialogue: Odoo decides when the dialogue opens or closes whether it covers what is
 * pointed at, and does not ask again when the pointer moves on to the next step.
 */
patch(TourPointer.prototype, {
    setup() {
        super.setup();
        this.ui = useService("ui");
    },

    get isVisible() {
        const {anchor, isVisible} = this.props.pointerState;
        return isVisible && (!anchor || this.ui.activeElement.contains(anchor));
    },
});
