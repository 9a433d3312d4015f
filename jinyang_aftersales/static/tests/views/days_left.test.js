import {describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";

import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Deadline extends models.Model {
    _name = "aftersales.test.deadline";

    day = fields.Date();

    _records = [
        {id: 1, day: "2026-12-30"},
        {id: 2, day: "2026-12-31"},
        {id: 3, day: "2027-01-01"},
        {id: 4, day: "2027-01-20"},
        {id: 5, day: false},
        {id: 6, day: "2027-12-31"},
    ];
}

defineMailModels();
defineModels([Deadline]);

test("the day after the last one of a year is tomorrow", async () => {
    mockDate("2026-12-31 10:00:00");
    await mountView({
        type: "list",
        resModel: Deadline._name,
        arch: `<list><field name="day" widget="remaining_days"/></list>`,
    });
    const words = ["Yesterday", "Today", "Tomorrow", "In 20 days", "", "Dec 31, 2027"];
    expect(".o_data_cell").toHaveCount(6);
    words.forEach((word, row) => {
        expect(`.o_data_row:eq(${row}) .o_data_cell`).toHaveText(word);
    });
});
