import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {NameAndSignature} from "@web/core/signature/name_and_signature";

/**
 * Odoo's signature pad as a field of the form around it: the drawing goes with the form, which is sent
 * as every other form is; without a drawing it stays.
 */
export class SignatureField extends Component {
    static template = "jinyang_aftersales.SignatureField";
    static components = {NameAndSignature};
    static props = {
        fieldName: {type: String},
        drawing: {type: String, optional: true},
    };

    setup() {
        this.root = useRef("root");
        this.image = useRef("image");
        this.state = useState({missing: false});
        this.signature = useState({
            name: "",
            // what was drawn before the form came back with a reason
            signatureImage: this.props.drawing,
            getSignatureImage: () => "",
            resetSignature: () => {},
            isSignatureEmpty: true,
        });
        const onSubmit = (ev) => this.onSubmit(ev);
        let form = null;
        onMounted(() => {
            form = this.root.el.closest("form");
            form.addEventListener("submit", onSubmit);
        });
        onWillUnmount(() => form.removeEventListener("submit", onSubmit));
    }

    onSubmit(ev) {
        this.state.missing = this.signature.isSignatureEmpty;
        if (this.state.missing) {
            ev.preventDefault();
            this.root.el.scrollIntoView({block: "center"});
        } else {
            this.image.el.value = this.signature.getSignatureImage().split(",")[1];
        }
    }
}

registry.category("public_components").add("jinyang_aftersales.signature_field", SignatureField);
