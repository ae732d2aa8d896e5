//! The form of conformance goldens: an evaluated package as one JSON object.
//!
//! ```text
//! {"value": NODE, "valid": true, "export": "{...}\n"}     or     {"build_error": "...", ...}
//! ```
//! `value` is what [`cue_eval::dump`] says of every field; `export` is the text of `cue export`, or
//! null when the value is not concrete; `build_error` is there when the package does not compile.

use crate::explain;
use crate::export;
use crate::session::Evaluation;
use cue_eval::builtin::Check;
use cue_eval::dump::{dump as node, json_string};

/// The dump of an evaluation, on one line.
pub fn dump(evaluation: &Evaluation) -> String {
    let Some(root) = evaluation.root() else {
        let text: Vec<&str> = evaluation
            .diagnostics
            .iter()
            .map(|found| found.message.as_str())
            .collect();
        return format!(
            "{{\"build_error\":{},\"value\":null,\"valid\":false,\"export\":null}}",
            json_string(&text.join("\n"))
        );
    };
    let exported = export::json(root).map_or_else(|_| "null".to_owned(), |text| json_string(&text));
    format!(
        "{{\"value\":{},\"valid\":{},\"export\":{exported}}}",
        node(root),
        explain::is_valid(root, Check::Valid),
    )
}
