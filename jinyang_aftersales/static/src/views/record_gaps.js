import {Field} from "@web/views/fields/field";
import {FormLabel} from "@web/views/form/form_label";
import {patch} from "@web/core/utils/patch";

/** Whether a field is named in `record_gaps`: what the record lacks before its document can be closed. */
const isGap = (record, name) => Boolean(record.data.record_gaps?.includes(`,${name},`));

patch(Field.prototype, {
    get classNames() {
        const {name, record} = this.props;
        return {...super.classNames, o_aftersales_gap: isGap(record, name)};
    },
});

patch(FormLabel.prototype, {
    get className() {
        const {fieldName, record} = this.props;
        return isGap(record, fieldName) ? `${super.className} o_aftersales_gap` : super.className;
    },
});
