import {createRequire} from "node:module";
import path from "node:path";

// the linters live outside the checkout, beside the eslint that runs this file
const require = createRequire(path.resolve(process.argv[1]));
const js = require("@eslint/js");

export default [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {
                console: "readonly",
                document: "readonly",
                luxon: "readonly",
                setTimeout: "readonly",
                window: "readonly",
            },
        },
        rules: {
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            eqeqeq: "error",
            "prefer-const": "error",
        },
    },
];
