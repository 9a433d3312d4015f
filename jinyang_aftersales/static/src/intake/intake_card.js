import {Component} from "@odoo/owl";

/** What whoever takes the call has to know about a customer. */
export class IntakeCard extends Component {
    static template = "jinyang_aftersales.IntakeCard";
    static props = {
        card: Object,
        chooseContact: Function,
        chooseSoftware: Function,
        openRecord: Function,
        startContact: Function,
    };

    stateClass(state) {
        return (
            {in_service: "text-bg-success", expiring: "text-bg-warning", expired: "text-bg-danger"}[
                state
            ] || "text-bg-secondary"
        );
    }
}
