import {patch} from "@web/core/utils/patch";
import {RemainingDaysField} from "@web/views/fields/remaining_days/remaining_days_field";

/**
 * Count in days up to the hundredth, as Odoo does for days of the present month only: from the thirtieth of a month its
 * words for the day after are "next month", and at the end of the year "next year".
 */
patch(RemainingDaysField.prototype, {
    get diffString() {
        if (this.diffDays === null || Math.abs(this.diffDays) > 99) {
            return super.diffString;
        }
        const words = this.props.record.data[this.props.name].toRelativeCalendar({unit: "days"});
        return words.charAt(0).toUpperCase() + words.slice(1);
    },
});
