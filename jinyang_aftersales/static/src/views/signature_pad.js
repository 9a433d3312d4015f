import {Component, onMounted, onPatched, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {imageUrl} from "@web/core/utils/urls";
import {isBinarySize} from "@web/core/utils/binary";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useBus} from "@web/core/utils/hooks";

// Pixels of the picture for each pixel of the screen: lines stay smooth on paper.
const SCALE = 2;
const LINE = 2.5;

/**
 * A signature drawn in the form itself, with mouse or finger: no dialogue to open and to accept. The drawing becomes the
 * value of the field when the form is saved or a button is pressed.
 */
export class SignaturePad extends Component {
    static template = "jinyang_aftersales.SignaturePad";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({drawn: false});
        this.changed = false;
        this.size = [0, 0];
        onMounted(() => this.prepare());
        onPatched(() => this.prepare());
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", ({detail}) => {
            if (this.changed) {
                detail.proms.push(this.commit());
            }
        });
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get picture() {
        if (!isBinarySize(this.value)) {
            return `data:image/png;base64,${this.value}`;
        }
        const {record, name} = this.props;
        return imageUrl(record.resModel, record.resId, name, {unique: record.data.write_date});
    }

    get clearLabel() {
        return _t("Clear");
    }

    /** A canvas has as many pixels as it is told; other ones than those on the screen blur the line. */
    prepare() {
        const canvas = this.canvas.el;
        if (!canvas) {
            this.size = [0, 0];
            return;
        }
        const size = [canvas.clientWidth, canvas.clientHeight];
        if (this.state.drawn || String(size) === String(this.size)) {
            return;
        }
        this.size = size;
        canvas.width = size[0] * SCALE;
        canvas.height = size[1] * SCALE;
        this.pen = canvas.getContext("2d");
        this.pen.scale(SCALE, SCALE);
        this.pen.fillStyle = "#fff";
        this.pen.fillRect(0, 0, ...size);
        Object.assign(this.pen, {
            lineWidth: LINE,
            lineCap: "round",
            lineJoin: "round",
            strokeStyle: "#000",
        });
    }

    getPoint(ev) {
        const box = this.canvas.el.getBoundingClientRect();
        return [ev.clientX - box.left, ev.clientY - box.top];
    }

    onPointerDown(ev) {
        ev.preventDefault();
        // the keyboard of a text that was typed before goes away
        document.activeElement?.blur?.();
        this.prepare();
        this.canvas.el.setPointerCapture?.(ev.pointerId);
        this.last = this.getPoint(ev);
        this.pen.beginPath();
        this.pen.moveTo(...this.last);
    }

    onPointerMove(ev) {
        if (!this.last) {
            return;
        }
        this.last = this.getPoint(ev);
        this.pen.lineTo(...this.last);
        this.pen.stroke();
        this.changed = true;
    }

    onPointerUp() {
        if (this.last && this.changed) {
            this.state.drawn = true;
            // the form learns that there is something to save
            this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
        }
        this.last = null;
    }

    async commit() {
        this.changed = false;
        const data = this.canvas.el.toDataURL("image/png").split(",")[1];
        await this.props.record.update({[this.props.name]: data});
    }

    async clear() {
        this.changed = false;
        this.state.drawn = false;
        this.size = [0, 0];
        if (this.value) {
            await this.props.record.update({[this.props.name]: false});
        } else {
            this.prepare();
        }
    }
}

registry.category("fields").add("aftersales_signature_pad", {
    component: SignaturePad,
    displayName: _t("Signature"),
    supportedTypes: ["binary"],
    fieldDependencies: [{name: "write_date", type: "datetime"}],
    extractProps: () => ({}),
});
