//! Any text that parses is lowered, evaluated and exported under the default budgets without a
//! panic, and without running away: what is too much ends in a diagnostic.

#![no_main]

use cue_eval::builtin::Check;
use cue_eval::{Budget, FileScope, Instance, SourceFile, eval, lower};
use libfuzzer_sys::fuzz_target;
use source_vocab::SourceMap;
use std::sync::Arc;

/// Evaluates one text the way a file given alone is.
fn run(text: &str) {
    let mut sources = SourceMap::new();
    let Ok(source) = sources.add("input.cue", text) else {
        return;
    };
    let parsed = cue_syntax::parse(&source);
    if !parsed.errors.is_empty() {
        return;
    }
    let instance = Instance {
        path: "_".to_owned(),
        name: String::new(),
        files: vec![SourceFile {
            file: &parsed.file,
            name: "input.cue",
            scope: FileScope::ByPackageClause,
        }],
        imports: Vec::new(),
        unified: Vec::new(),
    };
    let lowered = lower(&[instance], &cue_std::Standard::new());
    let Some(program) = lowered.value else {
        assert!(!lowered.diagnostics.is_empty(), "no program and no reason");
        return;
    };
    let graph = eval(&Arc::new(program), Budget::default());
    let exported = graph.root().data();
    let reasons = graph.root().diagnostics(Check::Concrete);
    assert!(
        exported.is_some() || !reasons.is_empty(),
        "nothing exported and no reason"
    );
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let text = text.to_owned();
    // the default budgets are those of a thread with the stack the evaluator asks for
    let ended = std::thread::Builder::new()
        .stack_size(Budget::STACK)
        .spawn(move || run(&text))
        .map(std::thread::JoinHandle::join);
    assert!(matches!(ended, Ok(Ok(()))), "the evaluation panicked");
});
