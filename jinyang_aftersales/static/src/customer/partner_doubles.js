import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {FormController} from "@web/views/form/form_controller";
import {patch} from "@web/core/utils/patch";

// by what a customer is told from others
const TELLING = ["name", "phone", "landline", "vat"];

/** Shows who may be the same as a customer that is about to be saved, and asks what to do. */
export class PartnerDoublesDialog extends Component {
    static template = "jinyang_aftersales.PartnerDoublesDialog";
    static components = {Dialog};
    static props = {found: Array, onOpen: Function, onAnother: Function, close: Function};

    open(id) {
        this.props.onOpen(id);
        this.props.close();
    }

    another() {
        this.props.onAnother();
        this.props.close();
    }
}

/**
 * Before a customer is saved in a form: asks about others of the same name, telephone or tax number. Who says that it is
 * another one is not asked about the same pair again.
 */
patch(FormController.prototype, {
    async onWillSaveRecord(record, changes) {
        const result = await super.onWillSaveRecord(...arguments);
        const asks =
            record.resModel === "res.partner" &&
            !record.data.parent_id &&
            TELLING.some((name) => changes[name]);
        if (result === false || !asks) {
            return result;
        }
        const values = Object.fromEntries(
            TELLING.map((name) => [name, record.data[name] || false]),
        );
        const found = await this.orm.call("res.partner", "find_possible_doubles", [
            values,
            record.resId || false,
        ]);
        if (!found.length) {
            return result;
        }
        const isAnother = await this.askAboutDoubles(found);
        if (!isAnother) {
            return false;
        }
        this.notTheSame = found.map(({id}) => id);
        return result;
    },

    /**
     * @param {Object[]} found of find_possible_doubles
     * @returns {Promise<Boolean>} whether the customer is saved as another one
     */
    askAboutDoubles(found) {
        return new Promise((resolve) => {
            let answer = false;
            this.dialogService.add(
                PartnerDoublesDialog,
                {
                    found,
                    onAnother: () => (answer = true),
                    onOpen: async (id) => {
                        await this.model.root.discard();
                        this.actionService.doAction({
                            type: "ir.actions.act_window",
                            res_model: "res.partner",
                            res_id: id,
                            views: [[false, "form"]],
                        });
                    },
                },
                {onClose: () => resolve(answer)},
            );
        });
    },

    async onRecordSaved(record) {
        await super.onRecordSaved(...arguments);
        if (record.resModel === "res.partner" && this.notTheSame) {
            const others = this.notTheSame;
            this.notTheSame = null;
            await this.orm.call("res.partner", "mark_distinct", [[record.resId], others]);
        }
    },
});
